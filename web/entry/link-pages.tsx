import type { JSX } from 'preact';

import { Page } from '../ui/page.tsx';

/** To come. */
export function ConfirmPage(): JSX.Element {
  return <Page title="ConfirmPage">…</Page>;
}

/** To come. */
export function ConfirmEmailPage(): JSX.Element {
  return <Page title="ConfirmEmailPage">…</Page>;
}
