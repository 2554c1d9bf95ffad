import type { FieldProblem } from '../../server/panel/api/problem-api.ts';

/** Fields of the form, in the order in which they stand. `form`: what belongs to no field. */
export const FORM_FIELDS = [
  'form',
  'start',
  'end',
  'zone',
  'emails',
  'phones',
  'title',
  'note',
  'language',
  'announcements',
  'sms',
] as const;

/** A field of the form. */
export type FormField = (typeof FORM_FIELDS)[number];

/** Problems by field. */
export type ProblemsByField = ReadonlyMap<FormField, readonly FieldProblem[]>;

/** Sorts problems by the field they point at: `/emails/2` and `/draft/emails/2` both belong to `emails`. */
export function problemsByField(problems: readonly FieldProblem[]): ProblemsByField {
  const byField = new Map<FormField, readonly FieldProblem[]>();
  for (const problem of problems) {
    const field = fieldOf(problem.pointer);
    byField.set(field, [...(byField.get(field) ?? []), problem]);
  }
  return byField;
}

/** The first field, as they stand in the form, that has a problem; null when none has. */
export function firstProblemField(problems: ProblemsByField): FormField | null {
  return FORM_FIELDS.find((field) => (problems.get(field) ?? []).length > 0) ?? null;
}

/** Which entry of a list a problem is about; null when it is about the whole list. */
export function entryOf(problem: FieldProblem): number | null {
  const last = segmentsOf(problem.pointer).at(-1) ?? '';
  return /^\d+$/u.test(last) ? Number(last) : null;
}

/** Problems of whole lists and single fields, without those of entries. */
export function withoutEntries(problems: readonly FieldProblem[]): readonly FieldProblem[] {
  return problems.filter((problem) => entryOf(problem) === null);
}

/** Problems of the entries of a list, by their position. */
export function problemsByEntry(
  problems: readonly FieldProblem[],
): ReadonlyMap<number, FieldProblem> {
  const byEntry = new Map<number, FieldProblem>();
  for (const problem of problems) {
    const entry = entryOf(problem);
    if (entry !== null && !byEntry.has(entry)) byEntry.set(entry, problem);
  }
  return byEntry;
}

function fieldOf(pointer: string): FormField {
  const [first, second] = segmentsOf(pointer);
  const name = first === 'draft' ? second : first;
  return FORM_FIELDS.find((field) => field === name) ?? 'form';
}

function segmentsOf(pointer: string): readonly string[] {
  return pointer.split('/').slice(1);
}
