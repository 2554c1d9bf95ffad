import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

/** Sending a form. */
export interface Submit {
  readonly busy: boolean;
  /** Why the last try failed: `ApiProblem`, `Offline` or a defect; null after one that went well. */
  readonly error: unknown;
  /** Does the work, once at a time; what it throws becomes `error`, and the first wrong field gets the focus. */
  readonly run: (work: () => Promise<void>) => void;
  /** Forgets the error. */
  readonly clear: () => void;
}

/** State of sending a form. What was typed stays with the form whatever comes of it. */
export function useSubmit(): Submit {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const running = useRef(false);

  const run = useCallback((work: () => Promise<void>) => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    work()
      .then(
        () => setError(null),
        (thrown: unknown) => setError(thrown),
      )
      .finally(() => {
        running.current = false;
        setBusy(false);
      });
  }, []);
  const clear = useCallback(() => setError(null), []);
  useEffect(() => {
    if (error !== null) focusFirstProblem();
  }, [error]);
  return { busy, error, run, clear };
}

/** Moves the focus to the first input that is marked as wrong, else to the summary of the error. */
function focusFirstProblem(): void {
  requestAnimationFrame(() => {
    const dialog = document.querySelector('dialog[open]');
    const scope = dialog ?? document;
    const first =
      scope.querySelector<HTMLElement>('[aria-invalid="true"]') ??
      scope.querySelector<HTMLElement>('.error-summary');
    first?.focus();
    first?.scrollIntoView({ block: 'center' });
  });
}
