import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

import { useWords } from '../language.tsx';
import { Button, type ButtonTone } from './button.tsx';
import { ErrorSummary } from './error-summary.tsx';
import { Icon } from './icon.tsx';

const words = {
  close: { pl: 'Zamknij', en: 'Close' },
  cancel: { pl: 'Anuluj', en: 'Cancel' },
} as const;

/** A dialog over the page by the browser's own element: it keeps the focus inside and gives it back. Esc closes. */
export function Dialog({
  title,
  children,
  onClose,
}: {
  readonly title: string;
  readonly children: ComponentChildren;
  readonly onClose: () => void;
}): JSX.Element {
  const t = useWords();
  const id = useId();
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = element.current;
    const before = document.activeElement;
    if (dialog !== null && !dialog.open) dialog.showModal();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      class="dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div class="dialog-head">
        <h2 id={id}>{title}</h2>
        <button type="button" class="icon-button" aria-label={t(words.close)} onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      {children}
    </dialog>
  );
}

interface ConfirmDialogProps {
  readonly title: string;
  readonly children: ComponentChildren;
  /** What the button says: the act itself, such as "Delete". */
  readonly action: string;
  readonly tone?: ButtonTone;
  readonly busy?: boolean;
  /** Whether all that is asked for inside was given. */
  readonly ready?: boolean;
  readonly error?: unknown;
  /** Pointers of the fields inside that show their own problems. */
  readonly shown?: readonly string[];
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before something is done. `error`: why the last try failed. */
export function ConfirmDialog({
  title,
  children,
  action,
  tone = 'danger',
  busy = false,
  ready = true,
  error = null,
  shown = [],
  onConfirm,
  onClose,
}: ConfirmDialogProps): JSX.Element {
  const t = useWords();
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !busy) onConfirm();
        }}
      >
        {children}
        <ErrorSummary error={error} shown={shown} />
        <div class="actions">
          <Button onClick={onClose}>{t(words.cancel)}</Button>
          <Button type="submit" tone={tone} busy={busy} disabled={!ready}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
