import type { JSX } from 'preact';

import { Page } from '../ui/page.tsx';

/** To come. */
export function AccountPage(): JSX.Element {
  return <Page title="AccountPage">…</Page>;
}
