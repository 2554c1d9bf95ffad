import type { ComponentChildren, JSX } from 'preact';

import { Icon, type IconName } from './icon.tsx';

/** How loud a button is. `danger`: what cannot be undone. `quiet`: a frame-less one. */
export type ButtonTone = 'primary' | 'secondary' | 'danger' | 'quiet';

interface Face {
  readonly children: ComponentChildren;
  readonly tone?: ButtonTone;
  readonly icon?: IconName;
  readonly size?: 'normal' | 'small';
}

/** A button. While `busy` it stays focusable and shows a spinner, and clicks do nothing. */
export function Button({
  children,
  tone = 'secondary',
  icon,
  size = 'normal',
  busy = false,
  disabled = false,
  type = 'button',
  label,
  describedBy,
  onClick,
}: Face & {
  readonly busy?: boolean;
  readonly disabled?: boolean;
  readonly type?: 'button' | 'submit';
  /** What screen readers say when the children alone are not clear. */
  readonly label?: string | undefined;
  /** Id of an element that says more. */
  readonly describedBy?: string | undefined;
  readonly onClick?: (() => void) | undefined;
}): JSX.Element {
  return (
    <button
      type={type}
      class={faceClass(tone, size)}
      disabled={disabled}
      aria-disabled={busy ? 'true' : undefined}
      aria-busy={busy ? 'true' : undefined}
      aria-label={label}
      aria-describedby={describedBy}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.();
      }}
    >
      {busy ? (
        <span class="spinner spinner-small" />
      ) : icon === undefined ? null : (
        <Icon name={icon} />
      )}
      <span>{children}</span>
    </button>
  );
}

/** A link that looks like a button: for going somewhere, where a button does something. */
export function LinkButton({
  children,
  href,
  tone = 'secondary',
  icon,
  size = 'normal',
  download,
  label,
}: Face & {
  readonly href: string;
  /** A file name: the target is saved, not shown. */
  readonly download?: string | undefined;
  readonly label?: string | undefined;
}): JSX.Element {
  return (
    <a class={faceClass(tone, size)} href={href} download={download} aria-label={label}>
      {icon === undefined ? null : <Icon name={icon} />}
      <span>{children}</span>
    </a>
  );
}

function faceClass(tone: ButtonTone, size: 'normal' | 'small'): string {
  return `button button-${tone}${size === 'small' ? ' button-small' : ''}`;
}
