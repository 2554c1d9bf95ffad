/** Where a space is typed, or presses what has the focus. */
const TAKES_SPACE =
  'input, textarea, select, button, a[href], summary, audio, [contenteditable], [role="button"], [role="tab"]';

/** Calls back for the space bar wherever it has no other meaning; the answer ends that. */
export function watchSpaceBar(pressed: () => void): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== ' ' || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
    const { target } = event;
    if (target instanceof Element && target.closest(TAKES_SPACE) !== null) return;
    // A dialog asks for something else.
    if (document.querySelector('dialog[open]') !== null) return;
    // Else the page would scroll.
    event.preventDefault();
    pressed();
  };
  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
}
