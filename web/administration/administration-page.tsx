import type { JSX } from 'preact';

import { Page } from '../ui/page.tsx';

/** To come. */
export function AdministrationPage(): JSX.Element {
  return <Page title="AdministrationPage">…</Page>;
}
