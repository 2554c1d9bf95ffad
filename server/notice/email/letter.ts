import type { Language } from '../../reservation/reservation.ts';

/** What a button leads to. */
export interface LetterButton {
  readonly label: string;
  readonly href: string;
  readonly rank: 'primary' | 'secondary';
}

/** A fact with its label. `code`: digits to type, shown large. `href`: where the value leads. */
export interface LetterFact {
  readonly label: string;
  readonly value: string;
  readonly style: 'plain' | 'strong' | 'code';
  readonly href?: string;
  /** A few words behind the value, less prominent. */
  readonly hint?: string;
}

/** Part of a letter. All text is plain. */
export type LetterBlock =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'facts'; readonly facts: readonly LetterFact[] }
  /** Words of a person; line breaks are kept. */
  | { readonly kind: 'quote'; readonly label: string; readonly text: string }
  | { readonly kind: 'buttons'; readonly buttons: readonly LetterButton[] }
  | { readonly kind: 'steps'; readonly title: string; readonly steps: readonly string[] }
  | { readonly kind: 'small'; readonly text: string };

/** What an e-mail says, before it becomes plain text and HTML. */
export interface Letter {
  readonly language: Language;
  readonly subject: string;
  /** Name of the service at the top. */
  readonly brand: string;
  /** A word or two above the heading: what kind of message it is. */
  readonly eyebrow: string;
  readonly tone: 'calm' | 'changed' | 'over' | 'alarm';
  readonly heading: string;
  /** What mail programs show beside the subject. */
  readonly preview: string;
  readonly blocks: readonly LetterBlock[];
  /** Why one gets this message. */
  readonly footer: readonly string[];
}
