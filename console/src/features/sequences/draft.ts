import { nest } from '../../api/nest';
import type { Step } from '../../api/schemas';

/** What the editor changes of a sequence. */
export interface Draft {
  name: string;
  description: string;
  steps: Step[];
}

export interface StoredDraft {
  draft: Draft;
  /** The version that the draft was made from; 0 for a new sequence. */
  version: number;
  savedAt: string;
}

const key = (sequence: string) => `followup-draft-${sequence}`;

/** Drafts are kept in the browser, so that leaving the page, an expired session or a crash loses nothing. */
export function storeDraft(sequence: string, draft: Draft, version: number): void {
  const stored: StoredDraft = { draft, version, savedAt: new Date().toISOString() };
  try {
    localStorage.setItem(key(sequence), JSON.stringify(stored));
  } catch {
    // Without storage the draft lasts as long as the page.
  }
}

export function readDraft(sequence: string): StoredDraft | null {
  try {
    const stored = localStorage.getItem(key(sequence));
    return stored ? (JSON.parse(stored) as StoredDraft) : null;
  } catch {
    return null;
  }
}

export function dropDraft(sequence: string): void {
  try {
    localStorage.removeItem(key(sequence));
  } catch {
    // Nothing was stored either.
  }
}

/** A step moved to another position; the same list when the position does not exist. */
export function moved(steps: Step[], from: number, to: number): Step[] {
  const step = steps[from];
  if (!step || to < 0 || to >= steps.length) {
    return steps;
  }
  const others = steps.filter((_, index) => index !== from);
  return [...others.slice(0, to), step, ...others.slice(to)];
}

/** A step of a type, as it is added. */
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
export function sent(steps: Step[]): Step[] {
  return steps.map((step) =>
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
