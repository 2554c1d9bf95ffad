import type { FieldProblem } from '../../server/panel/api/problem-api.ts';
import { problemsByEntry, withoutEntries } from './problem-fields.ts';
import { isSameAddress, looksRight, type Recipient, type RecipientKind } from './recipients.ts';

/** What is wrong with a list of recipients. */
export interface EntryProblems {
  /** By position in the list. */
  readonly byIndex: ReadonlyMap<number, string>;
  /** To be read below the list: each names the entry it is about. */
  readonly all: readonly { readonly code: string; readonly detail: string }[];
}

/**
 * Ties the server's problems to entries: by the position they point at, else by the text they repeat. An entry that
 * cannot be an address is marked at once, with `fallback`, before the server has said so.
 */
export function entryProblems(
  list: readonly Recipient[],
  problems: readonly FieldProblem[],
  { kind, fallback }: { readonly kind: RecipientKind; readonly fallback: string },
): EntryProblems {
  const pointed = problemsByEntry(problems);
  const byIndex = new Map<number, string>();
  const tied = new Set<FieldProblem>();
  const named = new Set<number>();
  list.forEach((recipient, index) => {
    const problem = problems.find((one) => isAbout(one, recipient, kind)) ?? pointed.get(index);
    if (problem !== undefined && !isAboutAnother(problem, recipient, kind)) {
      byIndex.set(index, problem.detail);
      tied.add(problem);
      if (repeatsIt(problem)) named.add(index);
    } else if (!looksRight(recipient.address, kind)) {
      byIndex.set(index, fallback);
    }
  });
  const entries = [...byIndex].map(([index, detail]) => ({
    code: `entry-${index}`,
    detail: named.has(index) ? detail : `${list[index]?.address ?? ''}: ${detail}`,
  }));
  const rest = withoutEntries(problems).filter((problem) => !tied.has(problem));
  return { byIndex, all: [...entries, ...rest] };
}

function isAbout(problem: FieldProblem, recipient: Recipient, kind: RecipientKind): boolean {
  const { given } = problem.facts;
  return typeof given === 'string' && isSameAddress(given, recipient.address, kind);
}

/** A problem of an older draft may point at a position where another entry stands by now. */
function isAboutAnother(problem: FieldProblem, recipient: Recipient, kind: RecipientKind): boolean {
  return typeof problem.facts['given'] === 'string' && !isAbout(problem, recipient, kind);
}

/** Whether the sentence names the entry by itself. */
function repeatsIt({ facts, detail }: FieldProblem): boolean {
  const { given } = facts;
  return typeof given === 'string' && detail.includes(given);
}
