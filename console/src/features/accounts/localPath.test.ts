import { describe, expect, it } from 'vitest';
import { localPath } from './SignInPage';

describe('the page after signing in', () => {
  it('is the page that asked for it', () => {
    expect(localPath('/people?status=FAILED#top')).toBe('/people?status=FAILED#top');
  });

  it.each(['https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:alert(1)', undefined])(
    'is never on another site: %s',
    (returnTo) => {
      expect(localPath(returnTo)).toBe('/');
    },
  );
});
