import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { useLanguage, useWords } from '../language.tsx';
import { Icon } from '../ui/icon.tsx';
import { chooseTheme, nextTheme, rememberedTheme } from './theme.ts';

const words = {
  language: { pl: 'Język', en: 'Language' },
  theme: { pl: 'Kolory', en: 'Colours' },
  auto: { pl: 'jak w systemie', en: 'as the device' },
  light: { pl: 'jasne', en: 'light' },
  dark: { pl: 'ciemne', en: 'dark' },
} as const;

const LANGUAGES = [
  { language: 'pl', short: 'PL', name: 'Polski' },
  { language: 'en', short: 'EN', name: 'English' },
] as const;

/** Switches the language of the page. */
export function LanguageSwitch(): JSX.Element {
  const t = useWords();
  const { language, setLanguage } = useLanguage();
  return (
    <div class="switch" role="group" aria-label={t(words.language)}>
      {LANGUAGES.map((one) => (
        <button
          key={one.language}
          type="button"
          lang={one.language}
          aria-pressed={one.language === language}
          onClick={() => setLanguage(one.language)}
        >
          {one.short}
          <span class="visually-hidden"> – {one.name}</span>
        </button>
      ))}
    </div>
  );
}

const THEME_ICONS = { auto: 'screen', light: 'sun', dark: 'moon' } as const;

/** Goes through the colours: as the device, light, dark. */
export function ThemeSwitch(): JSX.Element {
  const t = useWords();
  const [theme, setTheme] = useState(rememberedTheme);
  const label = `${t(words.theme)}: ${t(words[theme])}`;
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      title={label}
      onClick={() => {
        const next = nextTheme(theme);
        chooseTheme(next);
        setTheme(next);
      }}
    >
      <Icon name={THEME_ICONS[theme]} />
    </button>
  );
}
