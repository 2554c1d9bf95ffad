import type { ComponentType, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';

import { Spinner } from './ui/surface.tsx';

/** What a page is: a component that finds its parameters with `useRoute()`. */
export type PageComponent = ComponentType;

/**
 * A page whose code is fetched when somebody first goes there. Code that cannot be fetched, as after a new version
 * was installed, is thrown to the crash page, which offers to load everything anew.
 */
export function lazyPage(load: () => Promise<PageComponent>): PageComponent {
  let known: PageComponent | null = null;
  return function LazyPage(): JSX.Element {
    const { path } = useLocation();
    const [state, setState] = useState<{ readonly error: unknown } | 'waiting' | 'here'>(
      known === null ? 'waiting' : 'here',
    );
    useEffect(() => {
      if (known !== null) return;
      load().then(
        (page) => {
          known = page;
          setState('here');
        },
        (error: unknown) => setState({ error }),
      );
    }, []);
    if (typeof state === 'object') throw state.error;
    const Page = known;
    return Page === null ? <Spinner /> : <Page key={path} />;
  };
}
