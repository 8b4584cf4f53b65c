import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../api/problem';
import { ErrorNote } from './ErrorNote';

const unaffected = 'Sending is not affected.';
const retry = () => {};

describe('the note of an error', () => {
  it('says that sending goes on when the program cannot read', () => {
    expect(renderToStaticMarkup(<ErrorNote error={new ApiError(503, null, null)} retry={retry} />)).toContain(
      unaffected,
    );
  });

  it.each([
    ['offline', 0, retry],
    ['for a refused request', 400, retry],
    ['for a write', 503, undefined],
  ])('says nothing about sending %s', (_, status, again) => {
    expect(renderToStaticMarkup(<ErrorNote error={new ApiError(status, null, null)} retry={again} />)).not.toContain(
      unaffected,
    );
  });
});
