import type { JSX } from 'preact';

import { Page } from '../ui/page.tsx';

/** To come. */
export function SetupPage(): JSX.Element {
  return <Page title="SetupPage">…</Page>;
}
