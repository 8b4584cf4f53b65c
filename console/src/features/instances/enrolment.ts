import { nest } from '../../api/nest';
import type { components } from '../../api/schema';
import type { SequenceDetail } from '../../api/schemas';

/** The form by field: the recipient's fields, `startAt`, and variables as `variables.<path>`. */
export type Enrolment = Record<string, string>;

/** The key of the mutations that check or enrol, while which the sequence cannot be changed. */
export const enrolKey = ['enrol'];

const variablePrefix = 'variables.';

/** The variables that an enrolment gives, by their path. Those of the recipient have fields of their form, those of the engine no field. */
export function ownVariables(variables: SequenceDetail['variables'] = []) {
  return variables
    .filter(({ name }) => !/^(recipient|sequence|sender|offerId|unsubscribeUrl)\b/.test(name))
    .map(({ name, required }) => ({ path: name.replace(/^variables\./, ''), required }));
}

/** The request of an enrolment. Empty fields are left out, so that defaults apply. */
export function enrolment(form: Enrolment): components['schemas']['Enrolment'] {
  const text = (name: string) => form[name]?.trim() || undefined;
  const variables = nest(
    Object.entries(form)
      .filter(([name, value]) => name.startsWith(variablePrefix) && value.trim())
      .map(([name, value]) => [name.slice(variablePrefix.length), value.trim()]),
  );
  const startAt = text('startAt');
  return {
    recipient: {
      email: text('email') ?? '',
      firstName: text('firstName'),
      lastName: text('lastName'),
      phone: text('phone'),
      timeZone: text('timeZone'),
    },
    ...(Object.keys(variables).length > 0 && { variables }),
    ...(startAt && { startAt: new Date(startAt).toISOString() }),
  } as components['schemas']['Enrolment'];
}
