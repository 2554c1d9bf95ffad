import type { SmsMessage } from '../notice.ts';

/** How values are escaped where they are filled in. */
export type Escaping = 'url' | 'form' | 'json' | 'xml' | 'plain';

const ESCAPES: Readonly<Record<Escaping, (value: string) => string>> = {
  url: encodeURIComponent,
  form: (value) => encodeURIComponent(value).replaceAll('%20', '+'),
  json: (value) => JSON.stringify(value).slice(1, -1),
  xml: (value) => value.replace(/[&<>"']/gu, (sign) => `&#${sign.charCodeAt(0)};`),
  plain: (value) => value,
};

/** How a body of this content type is filled. Types that are not known take values as they are. */
export function escapingFor(contentType: string): Escaping {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/json' || type.endsWith('+json')) return 'json';
  if (type === 'application/x-www-form-urlencoded') return 'form';
  if (type === 'text/xml' || type === 'application/xml' || type.endsWith('+xml')) return 'xml';
  return 'plain';
}

/** Fills `{to}`, `{from}`, `{text}` and `{id}`. Braces within the values are left alone. */
export function fillTemplate(template: string, message: SmsMessage, escaping: Escaping): string {
  const values = new Map([
    ['to', message.to],
    ['from', message.from],
    ['text', message.text],
    ['id', message.noticeId],
  ]);
  return template.replace(/\{(to|from|text|id)\}/gu, (_, name: string) =>
    ESCAPES[escaping](values.get(name) ?? ''),
  );
}
