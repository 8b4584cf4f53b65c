import { nest } from '../../api/nest';
import type { Step } from '../../api/schemas';

/** What the editor changes of a sequence. */
export interface Draft {
  name: string;
  description: string;
  steps: DraftStep[];
}

/** A step with a key that identifies it in the editor also before it has an id. */
export type DraftStep = Step & { key: string };

/** The steps as the editor holds them. */
export const withKeys = (steps: Step[]): DraftStep[] =>
  steps.map((step, index) => ({ ...step, key: step.id ?? `new ${index}` }));

/** A step of a type, as it is added to a draft. */
export const addedStep = (type: Step['type']): DraftStep => ({
  ...newStep(type),
  key: `new ${crypto.getRandomValues(new Uint32Array(2)).join(' ')}`,
});

export const same = (a: Draft, b: Draft) => JSON.stringify(a) === JSON.stringify(b);

/** A step moved to another position; the same list when the position does not exist. */
export function moved<T>(steps: T[], from: number, to: number): T[] {
  const step = steps[from];
  if (!step || to < 0 || to >= steps.length) {
    return steps;
  }
  const others = steps.filter((_, index) => index !== from);
  return [...others.slice(0, to), step, ...others.slice(to)];
}

/** A step of a type with its default values. */
export function newStep(type: Step['type']): Step {
  switch (type) {
    case 'EMAIL':
      return { type, subject: '', body: '' };
    case 'SMS':
      return { type, message: '' };
    case 'WAIT':
      return { type, delayDays: 2 };
  }
}

/** The steps as they are sent: an empty subject or body means the default, which the API knows by the field's absence. */
export function sent(steps: DraftStep[]): Step[] {
  return steps.map(({ key: _, ...step }) =>
    step.type === 'EMAIL'
      ? {
          ...step,
          subject: step.subject?.trim() ? step.subject : undefined,
          body: step.body?.trim() ? step.body : undefined,
        }
      : step,
  );
}

export type WaitUnit = 'days' | 'businessDays' | 'hours' | 'iso';

type WaitStep = Extract<Step, { type: 'WAIT' }>;

/** A wait as a number and its unit. Durations that the form cannot show stay ISO 8601. */
export function readWait(step: WaitStep): { unit: WaitUnit; value: string } {
  if (step.delayBusinessDays !== undefined) {
    return { unit: 'businessDays', value: String(step.delayBusinessDays) };
  }
  if (step.delay !== undefined) {
    const hours = /^PT(\d+)H$/.exec(step.delay);
    return hours ? { unit: 'hours', value: hours[1] ?? '' } : { unit: 'iso', value: step.delay };
  }
  return { unit: 'days', value: String(step.delayDays ?? 0) };
}

/** The number that was typed, as `writeWait` takes it; null for one that is empty, unfinished or beyond what the unit can express. */
export function waitNumber(unit: WaitUnit, typed: string | number): string | null {
  const valid = unit === 'days' ? /^\d+(\.\d+)?$/ : /^\d+$/;
  const value = Number(typed);
  return valid.test(String(typed)) && value <= Number.MAX_SAFE_INTEGER ? String(value) : null;
}

export function writeWait(id: WaitStep['id'], unit: WaitUnit, value: string): WaitStep {
  const wait: WaitStep = { ...(id && { id }), type: 'WAIT' };
  switch (unit) {
    case 'days':
      return { ...wait, delayDays: Number(value) };
    case 'businessDays':
      return { ...wait, delayBusinessDays: Number(value) };
    case 'hours':
      return { ...wait, delay: `PT${Number(value)}H` };
    case 'iso':
      return { ...wait, delay: value };
  }
}

/** Variables whose values are their names, nested at the dots. Those of the recipient and the engine are not among them. */
export function examples(names: string[]): Record<string, unknown> {
  return nest(
    names
      .map((name): [string, string] => [name.replace(/^variables\./, ''), name])
      .filter(([path]) => !/^(recipient|sequence|sender|offerId|unsubscribeUrl)(\.|$)/.test(path)),
  );
}
