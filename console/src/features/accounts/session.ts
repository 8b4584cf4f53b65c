import { answer, api } from '../../api/client';

/** Exchanges an API key for a session cookie, which scripts cannot read. The key is not kept. */
export const signInWithKey = (apiKey: string) => answer(api.POST('/api/session', { body: { apiKey } }));

/** Signs in as any subject; only in Development. */
export const signInAs = (subject: string) => answer(api.POST('/dev/session', { body: { subject } }));

export const endSession = () => answer(api.DELETE('/api/session'));
