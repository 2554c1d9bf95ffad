import { fieldOf, lookAt } from './message-look.ts';
import { printable, printableLines } from './printable.ts';
import { lookAtSdp } from './sdp-look.ts';
import type { TraceAnswer, TraceMessage } from './trace-answer.ts';
import { headAndBody } from './trace-secrets.ts';

/** Width of the part before the first line of life: `+   0.000 `. */
const TIME_WIDTH = 10;
/** From one line of life to the next. */
const COLUMN_WIDTH = 26;
const ARROW_WIDTH = 42;
/** Peers with a column of their own; further ones share the last. */
const MOST_COLUMNS = 4;
const OURS = 'Konfa';

/** How much is shown. */
export type TraceDetail = 'ladder' | 'full';

/** A traced call as lines of text: what it is, and an arrow for each message. `full`: the messages too. */
export function traceLines(answer: TraceAnswer, detail: TraceDetail): readonly string[] {
  const { messages, leftOut, leftOutAfter } = answer;
  const peers = peersOf(messages);
  const startMs = messages[0]?.atMs ?? answer.heading.startedAtMs;
  const lines = [...headingLines(answer), '', ...columnHeads(peers)];
  messages.forEach((message, at) => {
    if (leftOut > 0 && at === leftOutAfter) lines.push(leftOutLine(leftOut, peers));
    lines.push(arrowLine(message, peers, startMs));
    if (detail === 'full') lines.push(...messageLines(message));
  });
  return lines.map((line) => line.trimEnd());
}

function headingLines({ heading }: TraceAnswer): readonly string[] {
  const { callId, dialogId, startedAtMs, from, to, messageCount } = heading;
  const messages = messageCount === 1 ? '1 message' : `${messageCount} messages`;
  return [
    `Call-ID  ${printable(callId)}`,
    ...(dialogId === null ? [] : [`Call     ${printable(dialogId)}`]),
    `From     ${printable(from)}`,
    `To       ${printable(to)}`,
    `Began    ${new Date(startedAtMs).toISOString()}`,
    `Outcome  ${outcomeOf(heading)}, ${messages}`,
  ];
}

/** How a call ended, in words: `answered, ended after 12.3 s`. */
export function outcomeOf(
  heading: Pick<TraceAnswer['heading'], 'state' | 'status' | 'durationMs'>,
): string {
  const { state, status, durationMs } = heading;
  const seconds = durationMs === null ? '' : `${(durationMs / 1000).toFixed(1)} s`;
  switch (state) {
    case 'trying':
      return 'not answered yet';
    case 'unanswered':
      return 'nobody answered';
    case 'refused':
      return `refused ${status ?? ''}`.trim();
    case 'answered':
      return `answered, not ended (${seconds} seen)`;
    case 'ended':
      return `ended after ${seconds}`;
    case 'done':
      return `answered ${status ?? ''}`.trim();
  }
}

/** The other sides, in the order they came. */
function peersOf(messages: readonly TraceMessage[]): readonly string[] {
  return [...new Set(messages.map(peerOf))];
}

function peerOf({ remote, transport }: TraceMessage): string {
  return `${remote} ${transport}`;
}

function columnOf(message: TraceMessage, peers: readonly string[]): number {
  return Math.min(peers.indexOf(peerOf(message)), MOST_COLUMNS - 1);
}

function columnCount(peers: readonly string[]): number {
  return Math.min(peers.length, MOST_COLUMNS);
}

/** Where the line of life of a column stands; that of Konfa is the one after the last peer's. */
function positionOf(column: number, peers: readonly string[]): number {
  const columns = columnCount(peers);
  const before = TIME_WIDTH + Math.min(column, columns - 1) * COLUMN_WIDTH;
  return column < columns ? before : before + ARROW_WIDTH;
}

/** Each peer stands over its line, alone when there are several: their names are long. */
function columnHeads(peers: readonly string[]): readonly string[] {
  const shown = peers.slice(0, MOST_COLUMNS);
  const lastShared = peers.length > MOST_COLUMNS ? ` and ${peers.length - MOST_COLUMNS} more` : '';
  const ours = positionOf(columnCount(peers), peers);
  return shown.map((peer, column) => {
    const isLast = column === shown.length - 1;
    const head = life(peers, column).padEnd(positionOf(column, peers)) + printable(peer);
    return isLast ? `${(head + lastShared).padEnd(ours - 2)}${OURS}` : head;
  });
}

/** Lines of life up to a column. */
function life(peers: readonly string[], before: number): string {
  let line = '';
  for (let column = 0; column < before; column += 1) {
    line = `${line.padEnd(positionOf(column, peers))}|`;
  }
  return line;
}

function leftOutLine(count: number, peers: readonly string[]): string {
  const text = count === 1 ? '1 message was not kept' : `${count} messages were not kept`;
  const all = columnCount(peers) + 1;
  const start = positionOf(all - 2, peers);
  const middle = `… ${text} …`.padStart(Math.floor((ARROW_WIDTH + text.length + 4) / 2));
  return `${life(peers, all - 1).padEnd(start + 1)}${middle.padEnd(ARROW_WIDTH - 1)}|`;
}

function arrowLine(message: TraceMessage, peers: readonly string[], startMs: number): string {
  const column = columnOf(message, peers);
  const from = positionOf(column, peers);
  const to = positionOf(columnCount(peers), peers);
  const time = `${((message.atMs - startMs) / 1000).toFixed(3).padStart(TIME_WIDTH - 1)} `;
  const before = life(peers, column)
    .slice(TIME_WIDTH)
    .padEnd(from - TIME_WIDTH);
  const room = to - from - 1;
  const label = ` ${labelOf(message, room - 6)} `;
  const left = Math.max(2, Math.floor((room - label.length) / 2));
  const shaft = `${'-'.repeat(left)}${label}`.padEnd(room, '-');
  const arrow = message.direction === 'in' ? `|${shaft.slice(0, -1)}>|` : `|<${shaft.slice(1)}|`;
  const notes = notesOf(message);
  return `${time}${before}${arrow}${notes === '' ? '' : `  ${notes}`}`;
}

/** `INVITE 1` or `200 OK (INVITE 1)`, of so many characters at most: it is the phrase that is cut. */
function labelOf({ text }: TraceMessage, width: number): string {
  const look = lookAt(text);
  const cseq = `${look.cseqMethod} ${look.cseqNumber}`;
  switch (look.kind) {
    case 'request':
      return printable(`${look.method} ${look.cseqNumber}`).slice(0, width);
    case 'response': {
      const after = printable(` (${cseq})`);
      const before = printable(`${look.status} ${look.phrase}`);
      const most = Math.max(3, width - after.length);
      const shown = before.length > most ? `${before.slice(0, most - 1)}…` : before;
      return (shown + after).slice(0, width);
    }
    case 'neither':
      return 'not SIP';
  }
}

function notesOf({ text, kind, cutBytes }: TraceMessage): string {
  const [, body] = headAndBody(text);
  const sdp = lookAtSdp(body);
  const type = fieldOf(text, 'content-type', 'c');
  const contents = sdp ?? (body === '' ? null : (type ?? 'a body'));
  return [
    ...(kind === 'again' ? ['again'] : []),
    ...(contents === null ? [] : [printable(contents)]),
    ...(cutBytes > 0 ? [`cut by ${cutBytes} bytes`] : []),
  ].join('; ');
}

function messageLines({ text, cutBytes }: TraceMessage): readonly string[] {
  const lines = printableLines(text.replace(/[\r\n]+$/u, '')).map((line) => `    ${line}`);
  const cut = cutBytes > 0 ? [`    … ${cutBytes} bytes more`] : [];
  return ['', ...lines, ...cut, ''];
}
