import { describe, expect, it } from 'vitest';
import { nest } from './nest';

const json = (value: unknown) => JSON.stringify(value);

describe('nested names', () => {
  it('share the objects of their common start', () => {
    expect(
      json(
        nest([
          ['offer.address', 'Main St 1'],
          ['offer.price', '5'],
        ]),
      ),
    ).toBe('{"offer":{"address":"Main St 1","price":"5"}}');
  });

  it('win over a name that is their start, in either order', () => {
    const short: [string, unknown] = ['offer', 'x'];
    const long: [string, unknown] = ['offer.price', '5'];

    expect(json(nest([short, long]))).toBe('{"offer":{"price":"5"}}');
    expect(json(nest([long, short]))).toBe('{"offer":{"price":"5"}}');
  });

  it.each(['__proto__.polluted', 'constructor.prototype.polluted'])('reach no prototype: %s', (name) => {
    const values = nest([[name, 'yes']]);

    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(json(values)).toContain('"polluted":"yes"');
  });
});
