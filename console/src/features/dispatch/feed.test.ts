import { expect, it } from 'vitest';
import type { FollowUpEvent } from '../../api/schemas';
import { newestOf } from './feed';

const event = (id: string) => ({ id }) as FollowUpEvent;

it('continues the events of the stream with the earlier ones, each once', () => {
  const streamed = [event('d'), event('c')];
  const recent = [event('a'), event('b'), event('c')];

  expect(newestOf(streamed, recent).map(({ id }) => id)).toEqual(['d', 'c', 'b', 'a']);
});
