/** A way into a conference, as calendars offer it (RFC 7986 §5.11). */
export interface Conference {
  readonly features: readonly ('AUDIO' | 'PHONE')[];
  /** One line. */
  readonly label: string;
  readonly uri: string;
}

/** Longest line in octets, RFC 5545 §3.1. */
const LINE_OCTETS = 75;
const EVENT_END = 'END:VEVENT\r\n';

/** Puts CONFERENCE properties at the end of every event of an iCalendar object; our generator knows none. */
export function withConferences(calendar: string, conferences: readonly Conference[]): string {
  const lines = conferences.map((conference) => `${folded(conferenceLine(conference))}\r\n`);
  return calendar.replaceAll(EVENT_END, () => `${lines.join('')}${EVENT_END}`);
}

function conferenceLine({ features, label, uri }: Conference): string {
  // A quoted parameter has no way to hold a double quote (RFC 5545 §3.2).
  const quoted = label.replaceAll('"', "'");
  return `CONFERENCE;VALUE=URI;FEATURE=${features.join(',')};LABEL="${quoted}":${uri}`;
}

/** Breaks a line after at most 75 octets, never within a character. */
function folded(line: string): string {
  const lines: string[] = [];
  let current = '';
  for (const character of line) {
    if (Buffer.byteLength(current + character) > LINE_OCTETS) {
      lines.push(current);
      current = ' ';
    }
    current += character;
  }
  return [...lines, current].join('\r\n');
}
