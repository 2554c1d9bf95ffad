import type { JSX } from 'preact';

import { Page } from '../ui/page.tsx';

/** To come. */
export function LoginPage(): JSX.Element {
  return <Page title="LoginPage">…</Page>;
}
