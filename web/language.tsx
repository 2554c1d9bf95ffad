import { createContext, type ComponentChildren, type JSX } from 'preact';
import { useCallback, useContext, useEffect, useMemo, useState } from 'preact/hooks';

import { api, requestContext } from './api-client.ts';
import type { Language } from './plural.ts';
import { useSession } from './session.tsx';
import type { Words } from './words.ts';

export { plural, type Language, type PluralForms } from './plural.ts';
export type { Words } from './words.ts';

/** The language of the page. */
export interface LanguageContext {
  readonly language: Language;
  /** Switches at once, and remembers it: here, and in the account of whoever is logged in. */
  readonly setLanguage: (language: Language) => void;
}

const Context = createContext<LanguageContext | null>(null);

const STORAGE_KEY = 'konfa.language';

/** The language of the page, and how to change it. */
export function useLanguage(): LanguageContext {
  const context = useContext(Context);
  if (context === null) throw new Error('outside of LanguageProvider');
  return context;
}

/** Chooses from words that stand beside the component which says them: `t(words.add)`, `t(words.left)(3)`. */
export function useWords(): <T>(words: Words<T>) => T {
  const { language } = useLanguage();
  return useCallback(<T,>(words: Words<T>) => words[language], [language]);
}

/** Says which language the page is in. Stands inside of `SessionProvider`. */
export function LanguageProvider({
  children,
}: {
  readonly children: ComponentChildren;
}): JSX.Element {
  const { account, settings } = useSession();
  const [language, change] = useState<Language>(() => firstLanguage(settings.defaultLanguage));
  // Somebody who chooses before logging in keeps that choice; else the account's language is taken over.
  const [chosen, setChosen] = useState<'here' | 'elsewhere'>('elsewhere');
  requestContext.language = language;

  const setLanguage = useCallback((next: Language) => {
    change(next);
    setChosen('here');
    remember(next);
  }, []);

  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const accountId = account?.accountId ?? null;
  const accountLanguage = account?.language ?? null;
  useEffect(() => {
    if (accountId === null || accountLanguage === null) return;
    if (chosen === 'elsewhere') {
      change(accountLanguage);
      remember(accountLanguage);
    } else if (accountLanguage !== language) {
      // Not kept: the page is in the right language all the same, and the next switch tries again.
      api.send('PATCH', '/account', { language }).catch(() => undefined);
    }
  }, [accountId, accountLanguage, chosen, language]);

  const value = useMemo(() => ({ language, setLanguage }), [language, setLanguage]);
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

/** Language before anybody is known: what was chosen here, what the browser asks for, else `otherwise`. */
function firstLanguage(otherwise: Language): Language {
  const asked = [remembered(), ...navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase())];
  return asked.find(isLanguage) ?? otherwise;
}

function isLanguage(value: string | null): value is Language {
  return value === 'pl' || value === 'en';
}

function remembered(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY);
  } catch {
    // Storage may be forbidden; the browser's language does then.
    return null;
  }
}

function remember(language: Language): void {
  try {
    localStorage.setItem(STORAGE_KEY, language);
  } catch {
    // Forbidden storage costs only the memory of the choice.
  }
}
