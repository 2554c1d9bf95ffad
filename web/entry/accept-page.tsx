import type { JSX } from 'preact';

import { Page } from '../ui/page.tsx';

/** To come. */
export function AcceptPage(): JSX.Element {
  return <Page title="AcceptPage">…</Page>;
}
