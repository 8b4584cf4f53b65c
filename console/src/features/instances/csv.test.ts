import { describe, expect, it } from 'vitest';
import { mapOf, readColumns, rejectedCsv } from './csv';

const file = (text: string) => new File([text], 'contacts.csv', { type: 'text/csv' });

describe('the columns of a file', () => {
  it('have the first value that is not empty as their example', async () => {
    const { columns } = await readColumns(file('email;Vorname\n;Anna\nanna@example.com;\n'));

    expect(columns).toEqual([
      { name: 'email', example: 'anna@example.com' },
      { name: 'Vorname', example: 'Anna' },
    ]);
  });

  it('are read behind a byte order mark and a separator line', async () => {
    const { columns } = await readColumns(file('\uFEFFsep=;\nemail;name\na@b.example;"Berg; Kim"\n'));

    expect(columns.map(({ name }) => name)).toEqual(['email', 'name']);
    expect(columns[1]?.example).toBe('Berg; Kim');
  });

  it('are sent by number, because names may repeat', () => {
    expect(mapOf({ 0: 'email', 3: 'variables.offer.price', 4: '-' })).toEqual([
      '#1:email',
      '#4:variables.offer.price',
      '#5:-',
    ]);
  });
});

describe('the rejected rows', () => {
  it('keep the header and have the reason in front', async () => {
    const blob = await rejectedCsv(file('email,name\nbad,Anna\ngood@example.com,Ben\n'), [
      { line: 2, message: 'must be an address' },
    ]);

    expect(await blob.text()).toBe(',email,name\r\nmust be an address,bad,Anna');
  });

  it('keep phone numbers, and make no formula of other cells', async () => {
    const text = 'email,phone,note\nbad,+49 331 5550142,"+1+cmd|x"\nbad,+493315550142,=1+1\n';
    const blob = await rejectedCsv(file(text), [
      { line: 2, message: 'a' },
      { line: 3, message: 'b' },
    ]);

    expect(await blob.text()).toBe(
      ',email,phone,note\r\na,bad,+49 331 5550142,"\'+1+cmd|x"\r\nb,bad,+493315550142,"\'=1+1"',
    );
  });

  it.each([
    ['sep=;', '\r\n'],
    ['\uFEFFsep=;', '\n'],
    ['"sep=;"', '\n'],
  ])('have the header behind the separator line %j', async (line, end) => {
    const text = [line, 'email;name', 'good@example.com;"A, B"', 'bad;Anna', ''].join(end);
    const blob = await rejectedCsv(file(text), [{ line: 4, message: 'must be an address' }]);

    expect(await blob.text()).toBe(',email,name\r\nmust be an address,bad,Anna');
  });

  it('have the header behind blank lines', async () => {
    const blob = await rejectedCsv(file('\nemail,name\n\nbad,Anna\n'), [{ line: 4, message: 'must be an address' }]);

    expect(await blob.text()).toBe(',email,name\r\nmust be an address,bad,Anna');
  });

  it('count the lines of the file, also inside quoted cells', async () => {
    const text = 'email,note\ngood@example.com,"two\nlines"\nbad,x\n';
    const blob = await rejectedCsv(file(text), [{ line: 4, message: 'must be an address' }]);

    expect(await blob.text()).toBe(',email,note\r\nmust be an address,bad,x');
  });
});
