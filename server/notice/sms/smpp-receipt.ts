/** What a delivery receipt says. `pending`: it is still on its way, or nobody knows. */
export interface ReceiptReading {
  /** As the SMS centre writes it in receipts, which may differ from submit_sm_resp. */
  readonly messageId: string;
  readonly state: 'delivered' | 'failed' | 'pending';
  /** Short code; null when delivered. */
  readonly reason: string | null;
}

/** Message type bits of esm_class, and their value for an SMSC delivery receipt: SMPP 3.4 §5.2.12. */
const MESSAGE_TYPE_BITS = 0x3c;
const DELIVERY_RECEIPT = 0x04;

/** message_state, SMPP 3.4 §5.2.28. */
const STATES: ReadonlyMap<unknown, ReceiptReading['state']> = new Map([
  [2, 'delivered'],
  [3, 'failed'],
  [4, 'failed'],
  [5, 'failed'],
  [8, 'failed'],
]);

/** Names of the same states in the text of receipts, SMPP 3.4 appendix B. */
const STATE_NAMES = new Map([
  ['DELIVRD', 2],
  ['EXPIRED', 3],
  ['DELETED', 4],
  ['UNDELIV', 5],
  ['REJECTD', 8],
]);

/** Codes of failures, by message_state. */
const REASONS: ReadonlyMap<unknown, string> = new Map([
  [3, 'expired'],
  [4, 'deleted'],
  [5, 'undeliverable'],
  [8, 'rejected'],
]);

/** Longest text of a receipt that is searched. */
const LONGEST_TEXT = 1000;

/**
 * Reads a receipt from the parameters of deliver_sm, all of them the peer's word; null when it is none. An ordinary message is never taken for one, whatever it says:
 * anybody with a phone could send it.
 */
export function readReceipt(fields: Readonly<Record<string, unknown>>): ReceiptReading | null {
  const esmClass = typeof fields['esm_class'] === 'number' ? fields['esm_class'] : 0;
  if ((esmClass & MESSAGE_TYPE_BITS) !== DELIVERY_RECEIPT) return null;
  const text = textOf(fields['short_message']) || textOf(fields['message_payload']);
  const given = fields['receipted_message_id'];
  const messageId = typeof given === 'string' && given !== '' ? given : field(text, 'id');
  if (messageId === null) return null;
  const name = field(text, 'stat')?.toUpperCase() ?? '';
  const messageState = STATES.has(fields['message_state'])
    ? fields['message_state']
    : STATE_NAMES.get(name);
  const state = STATES.get(messageState) ?? 'pending';
  if (state !== 'failed') return { messageId, state, reason: null };
  const code = field(text, 'err')?.replace(/[^0-9A-Za-z]/gu, '') ?? '';
  const word = REASONS.get(messageState) ?? 'undeliverable';
  return { messageId, state, reason: /^0*$/u.test(code) ? word : `${word}-${code}`.slice(0, 40) };
}

/** `id:… stat:…`, as the appendix shows it; the text of the message that comes last is not searched. */
function field(text: string, name: string): string | null {
  const [head = ''] = text.split(/\btext:/iu, 1);
  return new RegExp(`(?:^|\\s)${name}:\\s*(\\S+)`, 'iu').exec(head)?.[1] ?? null;
}

function textOf(message: unknown): string {
  const content =
    typeof message === 'object' && message !== null && 'message' in message
      ? message.message
      : message;
  if (typeof content === 'string') return content.slice(0, LONGEST_TEXT);
  return content instanceof Uint8Array
    ? Buffer.from(content).toString('latin1').slice(0, LONGEST_TEXT)
    : '';
}
