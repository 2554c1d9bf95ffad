import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import { useSession } from '../session.tsx';

/** The first page of a visit leaves the focus where the browser put it. */
let pagesShown = 0;

/**
 * A page: its heading, the window's title, and the focus on the heading after each navigation, so that screen readers
 * say where we are.
 */
export function Page({
  title,
  lead,
  actions,
  width = 'normal',
  children,
}: {
  readonly title: string;
  /** A sentence below the heading. */
  readonly lead?: ComponentChildren;
  /** Buttons at the end of the heading's line. */
  readonly actions?: ComponentChildren;
  readonly width?: 'narrow' | 'normal' | 'wide';
  readonly children: ComponentChildren;
}): JSX.Element {
  const { settings } = useSession();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} – ${settings.product}`;
  }, [title, settings.product]);
  useEffect(() => {
    if (pagesShown > 0) {
      heading.current?.focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
    pagesShown += 1;
  }, []);
  return (
    <div class={`page page-${width}`}>
      <header class="page-head">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead === undefined ? null : <p class="lead">{lead}</p>}
        </div>
        {actions === undefined ? null : <div class="actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}
