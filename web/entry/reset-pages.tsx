import type { JSX } from 'preact';

import { Page } from '../ui/page.tsx';

/** To come. */
export function ResetRequestPage(): JSX.Element {
  return <Page title="ResetRequestPage">…</Page>;
}

/** To come. */
export function ResetPage(): JSX.Element {
  return <Page title="ResetPage">…</Page>;
}
