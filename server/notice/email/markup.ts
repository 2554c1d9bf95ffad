/** A piece of HTML that is safe to put into a page: made by `markup` alone. */
export interface Markup {
  readonly html: string;
}

/** What may stand in a template: text is escaped, markup and rows of it are taken as they are. */
export type MarkupValue = string | number | Markup | readonly Markup[];

/** HTML by template: every text put in is escaped for content and quoted attributes, so that none can be forgotten. */
export function markup(parts: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  const html = parts.map((part, index) => part + rendered(values[index])).join('');
  return { html };
}

/** Text of several lines, its line breaks kept. */
export function withLineBreaks(text: string): Markup {
  const lines = text.split('\n').map((line) => markup`${line}`.html);
  return { html: lines.join('<br>\n') };
}

/** An address for `href`. Whatever is no web, mail or telephone address leads nowhere. */
export function safeHref(address: string): string {
  return /^(?:https?|mailto|tel):/iu.test(address) ? address : '#';
}

function rendered(value: MarkupValue | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value));
  if (isRow(value)) return value.map(({ html }) => html).join('');
  return value.html;
}

function isRow(value: Markup | readonly Markup[]): value is readonly Markup[] {
  return Array.isArray(value);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => ENTITIES[character] ?? '');
}
