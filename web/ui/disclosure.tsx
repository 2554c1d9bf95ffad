import type { ComponentChildren, JSX } from 'preact';

/** A part of a form or page that is folded away at first: "More options". */
export function Disclosure({
  summary,
  children,
  open = false,
}: {
  readonly summary: ComponentChildren;
  readonly children: ComponentChildren;
  /** Whether it begins unfolded; set it when something inside is wrong. */
  readonly open?: boolean;
}): JSX.Element {
  return (
    <details class="disclosure" open={open}>
      <summary>{summary}</summary>
      <div class="disclosure-body stack">{children}</div>
    </details>
  );
}
