import type { BookingProblem } from './booking-problem.ts';

/** Longest title and note, in characters. */
const LONGEST_TITLE = 100;
const LONGEST_NOTE = 2000;

/** A text as it is kept, or null with what is wrong with it. */
export interface ReadText {
  readonly value: string | null;
  readonly problems: readonly BookingProblem[];
}

/** Control characters and runs of blanks become one blank, so that a title stays one line wherever it is shown. */
export function readTitle(text: string): ReadText {
  const title = text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  const given = Array.from(title).length;
  if (given <= LONGEST_TITLE) return { value: title, problems: [] };
  const facts = { given, allowed: LONGEST_TITLE };
  return { value: null, problems: [{ code: 'title-too-long', field: 'title', facts }] };
}

/** A note keeps its lines, ended by a line feed each; a tab becomes a blank, other control characters go. */
export function readNote(text: string): ReadText {
  const note = text
    .replace(/\r\n?/gu, '\n')
    .replace(/\t/gu, ' ')
    .replace(/(?!\n)\p{Cc}/gu, '')
    .trim();
  const given = Array.from(note).length;
  if (given <= LONGEST_NOTE) return { value: note, problems: [] };
  const facts = { given, allowed: LONGEST_NOTE };
  return { value: null, problems: [{ code: 'note-too-long', field: 'note', facts }] };
}
