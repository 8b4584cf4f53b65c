import { describe, expect, it } from 'vitest';
import { enrolment, ownVariables } from './enrolment';

describe('an enrolment', () => {
  it('leaves out empty fields, so that defaults apply', () => {
    expect(
      JSON.parse(JSON.stringify(enrolment({ email: ' anna@example.com ', firstName: ' ', 'variables.price': '' }))),
    ).toEqual({
      recipient: { email: 'anna@example.com' },
    });
  });

  it('nests variables at the dots of their names', () => {
    const request = enrolment({
      email: 'a@b.example',
      'variables.offer.address': 'Main St 1',
      'variables.offer.price': '5',
    });

    expect(request.variables).toEqual({ offer: { address: 'Main St 1', price: '5' } });
  });

  it('sends the start as an instant', () => {
    expect(enrolment({ email: 'a@b.example', startAt: '2026-05-12T09:30' }).startAt).toMatch(/Z$/);
  });
});

describe('the variables of a form', () => {
  it('are those that an enrolment gives, by their path', () => {
    const names = ['offer.address', 'recipient.firstName', 'variables.city', 'unsubscribeUrl'];
    const variables = names.map((name) => ({ name, steps: [0], hasDefault: false, required: true }));

    expect(ownVariables(variables).map(({ path }) => path)).toEqual(['offer.address', 'city']);
  });
});
