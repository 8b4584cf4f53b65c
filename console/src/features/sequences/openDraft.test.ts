import { describe, expect, it } from 'vitest';
import { keep } from '../accounts/kept';
import { withKeys } from './draft';
import { dropDraft, keepDraft, readDraft } from './openDraft';

const draft = {
  name: 'Offer',
  description: '',
  steps: withKeys([
    { id: 'a', type: 'EMAIL', subject: 'Offer', body: null, variants: [{ name: 'A', weight: 1 }] },
    { type: 'WAIT', delayDays: 3 },
  ]),
};
const base = { version: 2, etag: '"7"' };

describe('a kept draft', () => {
  it('has what it began from, which publishing sends', () => {
    keepDraft('live a', '1', { draft, base });

    expect(readDraft('live a', '1')).toMatchObject({ draft, base });
  });

  it('keeps the fields that the editor does not know', () => {
    const steps = draft.steps.map((step) => ({ ...step, later: true }));
    keep('live a', 'draft 2', { draft: { ...draft, steps }, base });

    expect(readDraft('live a', '2')?.draft.steps).toEqual(steps);
  });

  it.each([
    { draft: { ...draft, steps: [{ type: 'FAX', key: 'x' }] }, base },
    { draft: { ...draft, steps: [{ type: 'SMS', key: 'x' }] }, base },
    { draft },
    null,
  ])('in another form is no draft: %o', (value) => {
    keep('live a', 'draft 3', value);

    expect(readDraft('live a', '3')).toBeNull();
  });

  it('is gone once it is dropped', () => {
    keepDraft('live a', '4', { draft, base });
    dropDraft('live a', '4');

    expect(readDraft('live a', '4')).toBeNull();
  });
});
