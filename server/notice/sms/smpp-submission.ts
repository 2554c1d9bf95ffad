import type { SendOutcome, SmsMessage } from '../notice.ts';
import { encodeGsm7, segmentsOf } from './gsm7.ts';

/** Parameters of submit_sm by their names in the standard, SMPP 3.4 §4.4.1. */
export type SubmitFields = Readonly<Record<string, string | number | Buffer>>;

/** Type of number and numbering plan, SMPP 3.4 §5.2.5 and §5.2.6. */
const TON = { unknown: 0, international: 1, networkSpecific: 3, alphanumeric: 5 } as const;
const NPI = { unknown: 0, isdn: 1 } as const;

/** SMSC default alphabet and UCS-2, SMPP 3.4 §5.2.19. */
const DATA_CODING = { 'gsm-7': 0, 'ucs-2': 8 } as const;

/** Receipt of final success or failure, SMPP 3.4 §5.2.17. */
const RECEIPT_WANTED = 1;

/** Most octets of short_message, SMPP 3.4 §5.2.22. */
const SHORT_MESSAGE_BYTES = 140;

/** Numbers this short belong to one network only. */
const SHORT_CODE_DIGITS = 8;

/** Message queue full, and throttling error, SMPP 3.4 §5.1.3: not taken now, perhaps later. */
const NOT_NOW: readonly number[] = [0x14, 0x58];

/**
 * submit_sm of a message. What is longer than a segment goes whole in message_payload, for the SMS centre to cut: it is
 * accepted whole or not at all, and has one receipt.
 */
export function submitFields(message: SmsMessage, receipts: 'wanted' | 'unwanted'): SubmitFields {
  const { encoding } = segmentsOf(message.text);
  const octets =
    encoding === 'gsm-7'
      ? Buffer.from(encodeGsm7(message.text))
      : Buffer.from(message.text, 'utf16le').swap16();
  const isShort =
    encoding === 'gsm-7' ? octets.length <= 160 : octets.length <= SHORT_MESSAGE_BYTES;
  return {
    ...source(message.from),
    dest_addr_ton: TON.international,
    dest_addr_npi: NPI.isdn,
    destination_addr: message.to.replace(/^\+/u, ''),
    registered_delivery: receipts === 'wanted' ? RECEIPT_WANTED : 0,
    data_coding: DATA_CODING[encoding],
    short_message: isShort ? octets : Buffer.alloc(0),
    ...(isShort ? {} : { message_payload: octets }),
  };
}

function source(sender: string): SubmitFields {
  if (!/^\+?[0-9]+$/u.test(sender)) {
    return { source_addr_ton: TON.alphanumeric, source_addr_npi: NPI.unknown, source_addr: sender };
  }
  const digits = sender.replace(/^\+/u, '');
  const national = digits.length <= SHORT_CODE_DIGITS ? TON.networkSpecific : TON.unknown;
  return {
    source_addr_ton: sender.startsWith('+') ? TON.international : national,
    source_addr_npi: NPI.isdn,
    source_addr: digits,
  };
}

/** What submit_sm_resp, or generic_nack, means for the message. */
export function submitOutcome(response: {
  readonly command: string;
  readonly command_status: number;
  readonly message_id?: unknown;
}): SendOutcome {
  const status = response.command_status;
  const reason = `smpp-${statusText(status)}`;
  if (NOT_NOW.includes(status)) return { outcome: 'retry', reason };
  if (status !== 0 || response.command !== 'submit_sm_resp') return { outcome: 'failed', reason };
  const id = response.message_id;
  return { outcome: 'sent', providerId: typeof id === 'string' && id !== '' ? id : null };
}

/** command_status as the standard writes it, without leading zeros: `0x58`. */
export function statusText(status: number): string {
  return `0x${status.toString(16).padStart(2, '0')}`;
}
