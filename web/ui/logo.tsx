import type { JSX } from 'preact';

/** The mark: a K whose arms are two voices that meet. */
export function Logo(): JSX.Element {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect class="logo-ground" width="32" height="32" rx="9" />
      <path class="logo-stem" d="M9 7v18" />
      <path class="logo-stem" d="M14 16c4-1.200 6.600-4 7.600-8" />
      <path class="logo-arm" d="M14 16c4 1.200 6.600 4 7.600 8" />
    </svg>
  );
}
