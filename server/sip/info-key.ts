import type { DtmfKey } from '../../mixer/protocol/dtmf.ts';
import { DTMF_KEYS } from '../../mixer/protocol/dtmf.ts';
import type { DurationMs } from '../../mixer/protocol/units.ts';
import { readTyped } from './message-body.ts';
import { octetsToString } from './octet-string.ts';
import type { SipRequest } from './message.ts';

/** Types of INFO bodies that are understood, as they stand in Accept. */
export const INFO_ACCEPT = 'application/dtmf-relay, application/dtmf';

const RELAY = 'application/dtmf-relay';
const PLAIN = 'application/dtmf';

/** How long a key is taken to be held when its INFO does not say. */
const USUAL_DURATION_MS = 160;
const MAX_DURATION_MS = 10_000;
/** What says one key is short; more is something else. */
const MAX_BODY_BYTES = 512;

/** What an INFO says. */
export type InfoReading =
  | { readonly kind: 'key'; readonly key: DtmfKey; readonly durationMs: DurationMs }
  /** A signal that is no key, such as a hook flash; or no body. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'unknown-type' };

/**
 * Reads the body of an INFO, or the part that says a key when it has several: `Signal=5` with `Duration=160`
 * (application/dtmf-relay), or `5` (application/dtmf).
 */
export function readInfo(request: SipRequest): InfoReading {
  const reading = readTyped(request, [RELAY, PLAIN]);
  switch (reading.kind) {
    case 'none':
      return { kind: 'nothing' };
    case 'malformed':
      return { kind: 'malformed' };
    case 'unknown':
      return { kind: 'unknown-type' };
    case 'content':
      return readContent(reading.mediaType, reading.content);
  }
}

function readContent(mediaType: string, content: Uint8Array): InfoReading {
  if (content.length > MAX_BODY_BYTES) return { kind: 'malformed' };
  const text = octetsToString(content, 0, content.length);
  if (mediaType === PLAIN && !text.includes('=')) return readSignal(text.trim(), USUAL_DURATION_MS);
  return readRelay(text);
}

function readRelay(text: string): InfoReading {
  let signal: string | null = null;
  let durationMs = USUAL_DURATION_MS;
  for (const line of text.split(/[\r\n]+/)) {
    const equals = line.indexOf('=');
    const name = line.slice(0, Math.max(0, equals)).trim().toLowerCase();
    const value = line.slice(equals + 1).trim();
    if (name === 'signal' && signal === null) signal = value;
    if (name !== 'duration') continue;
    if (!/^\d{1,6}$/.test(value)) return { kind: 'malformed' };
    durationMs = Math.min(Number(value), MAX_DURATION_MS);
  }
  return signal === null ? { kind: 'malformed' } : readSignal(signal, durationMs);
}

function readSignal(signal: string, durationMs: DurationMs): InfoReading {
  if (signal === '') return { kind: 'malformed' };
  const upper = signal.toUpperCase();
  // Some phones write the event codes of RFC 4733 in place of *, #, A–D.
  const code = /^\d{1,2}$/.test(upper) ? Number(upper) : null;
  const key = code === null ? DTMF_KEYS.find((each) => each === upper) : DTMF_KEYS[code];
  return key === undefined ? { kind: 'nothing' } : { kind: 'key', key, durationMs };
}
