import { createContext, type ComponentChildren, type JSX } from 'preact';
import { useCallback, useContext, useRef, useState } from 'preact/hooks';

import { Icon } from './icon.tsx';

const SHOWN_MS = 6000;

interface Toast {
  readonly id: number;
  readonly text: string;
}

const Context = createContext<(text: string) => void>(() => undefined);

/** Says something short that went well, at the edge of the page: `const say = useToast(); say(t(words.saved))`. */
export function useToast(): (text: string) => void {
  return useContext(Context);
}

/** Holds what was said for some seconds, and announces it to screen readers. */
export function ToastProvider({ children }: { readonly children: ComponentChildren }): JSX.Element {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const count = useRef(0);
  const say = useCallback((text: string) => {
    const id = (count.current += 1);
    setToasts((before) => [...before.slice(-2), { id, text }]);
    setTimeout(() => setToasts((before) => before.filter((one) => one.id !== id)), SHOWN_MS);
  }, []);
  return (
    <Context.Provider value={say}>
      {children}
      <div class="toasts" role="status" aria-live="polite">
        {toasts.map((toast) => (
          <div key={toast.id} class="toast">
            <Icon name="check" />
            {toast.text}
          </div>
        ))}
      </div>
    </Context.Provider>
  );
}
