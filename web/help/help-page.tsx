import type { JSX } from 'preact';

import { Page } from '../ui/page.tsx';

/** To come. */
export function HelpPage(): JSX.Element {
  return <Page title="HelpPage">…</Page>;
}
