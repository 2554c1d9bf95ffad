/** Colours: those of the device, or one's own choice. */
export type Theme = 'auto' | 'light' | 'dark';

const STORAGE_KEY = 'konfa.theme';
const THEMES: readonly Theme[] = ['auto', 'light', 'dark'];

/** What was chosen in this browser. */
export function rememberedTheme(): Theme {
  try {
    const value = localStorage.getItem(STORAGE_KEY);
    return THEMES.find((theme) => theme === value) ?? 'auto';
  } catch {
    // Storage may be forbidden; the device's colours do then.
    return 'auto';
  }
}

/** Shows the page in these colours. */
export function applyTheme(theme: Theme): void {
  if (theme === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

/** Shows and remembers. */
export function chooseTheme(theme: Theme): void {
  applyTheme(theme);
  try {
    localStorage.setItem(STORAGE_KEY, theme);
  } catch {
    // Forbidden storage costs only the memory of the choice.
  }
}

/** The one after, for a button that goes through them. */
export function nextTheme(theme: Theme): Theme {
  return THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'auto';
}
