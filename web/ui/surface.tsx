import type { ComponentChildren, JSX } from 'preact';

import { useWords } from '../language.tsx';
import { Icon, type IconName } from './icon.tsx';

const words = { loading: { pl: 'Wczytywanie…', en: 'Loading…' } } as const;

/** A framed part of a page. */
export function Card({
  title,
  aside,
  children,
}: {
  readonly title?: ComponentChildren;
  /** Stands at the end of the title's line. */
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <section class="card">
      {title === undefined ? null : (
        <div class="card-head">
          <h2>{title}</h2>
          {aside}
        </div>
      )}
      {children}
    </section>
  );
}

/** What a badge's colour means; the word says it too. */
export type BadgeTone = 'neutral' | 'good' | 'live' | 'warning' | 'bad' | 'info';

/** A state in a word. */
export function Badge({
  tone = 'neutral',
  children,
}: {
  readonly tone?: BadgeTone;
  readonly children: ComponentChildren;
}): JSX.Element {
  return <span class={`badge badge-${tone}`}>{children}</span>;
}

/** A note in the flow of a page. */
export function Note({
  tone = 'info',
  children,
}: {
  readonly tone?: 'info' | 'warning' | 'good';
  readonly children: ComponentChildren;
}): JSX.Element {
  return <div class={`note note-${tone}`}>{children}</div>;
}

/** Something is on its way; said to screen readers. */
export function Spinner(): JSX.Element {
  const t = useWords();
  return (
    <div class="loading" role="status">
      <span class="spinner" />
      <span>{t(words.loading)}</span>
    </div>
  );
}

/** Grey lines in the place of what is on its way. */
export function Skeleton({ lines = 3 }: { readonly lines?: number }): JSX.Element {
  const t = useWords();
  return (
    <div class="skeleton" role="status">
      <span class="visually-hidden">{t(words.loading)}</span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} class="skeleton-line" />
      ))}
    </div>
  );
}

/** What stands in the place of a list without entries, and what can be done about it. */
export function EmptyState({
  icon,
  title,
  children,
}: {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ComponentChildren;
}): JSX.Element {
  return (
    <div class="empty">
      <span class="empty-icon">
        <Icon name={icon} />
      </span>
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}

/** Pairs of a name and what it is. */
export function Facts({
  facts,
}: {
  readonly facts: readonly { readonly name: string; readonly value: ComponentChildren }[];
}): JSX.Element {
  return (
    <dl class="facts">
      {facts.map((fact) => (
        <div key={fact.name}>
          <dt>{fact.name}</dt>
          <dd>{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}
