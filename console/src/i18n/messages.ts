import { IntlMessageFormat } from 'intl-messageformat';
import { en } from './en';

/** A message of the catalogue. The German catalogue has the same keys, or the type check fails. */
export type MessageKey = keyof typeof en;

export type Language = 'en' | 'de';

type Values = Record<string, string | number>;

const languageKey = 'followup-language';
const parsed = new Map<MessageKey, IntlMessageFormat>();
let catalogue: Record<MessageKey, string> = en;

/** The language chosen in Settings, or the browser's first language that the console has. */
export const language: Language = storedLanguage() ?? browserLanguage();

/** The locale of dates and numbers. */
export const locale = language === 'de' ? 'de' : 'en-GB';

/** Loads the catalogue of the language. English is part of the first page, so that German costs English users nothing. */
export async function loadMessages(): Promise<void> {
  if (language === 'de') {
    catalogue = (await import('./de')).de;
  }
  document.documentElement.lang = language;
}

/** Stores the language and reloads the page, because messages are formatted where they are shown. */
export function chooseLanguage(chosen: Language): void {
  localStorage.setItem(languageKey, chosen);
  location.reload();
}

/** The text of a message in the user's language, with its ICU placeholders filled. */
export function t(key: MessageKey, values?: Values): string {
  let message = parsed.get(key);
  if (!message) {
    message = new IntlMessageFormat(catalogue[key], locale, undefined, { ignoreTag: true });
    parsed.set(key, message);
  }
  return String(message.format(values));
}

/** Whether the catalogue has a message, for keys that are made from values of the API. */
export function isMessage(key: string): key is MessageKey {
  return Object.hasOwn(en, key);
}

function storedLanguage(): Language | undefined {
  try {
    const stored = localStorage.getItem(languageKey);
    return stored === 'en' || stored === 'de' ? stored : undefined;
  } catch {
    return undefined;
  }
}

function browserLanguage(): Language {
  const known = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag === 'en' || tag === 'de');
  return known === 'de' ? 'de' : 'en';
}
