type Method = 'key' | 'sso' | 'development';

/** How this server lets users sign in. The program lists it in the page, because there is no session yet to ask the API with. */
export function signInMethods(): Set<Method> {
  const listed = document.querySelector<HTMLMetaElement>('meta[name="followup"]')?.content ?? 'key';
  return new Set(listed.split(' ') as Method[]);
}
