import type { JSX } from 'preact';

import { Page } from '../ui/page.tsx';

/** To come. */
export function SignUpPage(): JSX.Element {
  return <Page title="SignUpPage">…</Page>;
}
