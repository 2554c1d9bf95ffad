/** A language of the panel. */
export type Language = 'pl' | 'en';

/** Forms of a counted noun. Polish needs all four (osoba, osoby, osób, osoby); English `one` and `other`. */
export interface PluralForms {
  readonly one: string;
  readonly few?: string;
  readonly many?: string;
  readonly other: string;
}

const RULES = { pl: new Intl.PluralRules('pl'), en: new Intl.PluralRules('en') } as const;

/** The form that goes with `n`, by the plural rules of CLDR. The number itself is not in it. */
export function plural(language: Language, n: number, forms: PluralForms): string {
  const category = RULES[language].select(n);
  if (category === 'one') return forms.one;
  if (category === 'few') return forms.few ?? forms.other;
  if (category === 'many') return forms.many ?? forms.other;
  return forms.other;
}
