import type { ComponentChildren, JSX } from 'preact';

/** A form that is sent by script. The browser checks nothing: the server's words appear beside the fields. */
export function Form({
  label,
  onSubmit,
  children,
}: {
  /** What the form is, for screen readers, where no heading says it. */
  readonly label?: string | undefined;
  readonly onSubmit: () => void;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <form
      class="stack"
      noValidate
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
    </form>
  );
}
