import type { JSX } from 'preact';

/** One of several pages that belong together. */
export interface TabLink {
  readonly href: string;
  readonly label: string;
}

/** Links to pages that belong together; the present one is marked. */
export function TabLinks({
  label,
  tabs,
  current,
}: {
  /** What the pages have in common, for screen readers. */
  readonly label: string;
  readonly tabs: readonly TabLink[];
  /** `href` of the page that is shown. */
  readonly current: string;
}): JSX.Element {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <a key={tab.href} href={tab.href} aria-current={tab.href === current ? 'page' : undefined}>
          {tab.label}
        </a>
      ))}
    </nav>
  );
}
