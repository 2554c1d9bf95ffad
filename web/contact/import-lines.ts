import type { FieldProblem } from '../../server/panel/api/problem-api.ts';

/** A line of a pasted list that is left out, and why. */
export interface BadLine {
  /** Counted from 1. */
  readonly line: number;
  readonly text: string;
  readonly details: readonly string[];
}

/** Gathers problems by the line they point at, `/lines/3`; what points at no line is left to the summary. */
export function linesWithProblems(
  problems: readonly FieldProblem[],
  text: string,
): readonly BadLine[] {
  const written = text.split(/\r\n|\r|\n/u);
  const byLine = new Map<number, readonly string[]>();
  for (const { pointer, detail } of problems) {
    const match = /^\/lines\/(\d+)/u.exec(pointer);
    if (match === null) continue;
    const line = Number(match[1]);
    byLine.set(line, [...(byLine.get(line) ?? []), detail]);
  }
  return [...byLine]
    .sort(([one], [other]) => one - other)
    .map(([line, details]) => ({ line, text: (written[line - 1] ?? '').trim(), details }));
}
