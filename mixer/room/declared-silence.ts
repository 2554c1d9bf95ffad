import type { DurationMs } from '../protocol/units.ts';
import { readHeaderExtension } from '../rtp/header-extension.ts';
import type { RtpHeader } from '../rtp/rtp-packet.ts';

/** What a peer declares to be softer than this is not worth decoding: 10 dB below anything taken for speech. */
const SILENT_DBOV = -65;
/** So much of it in a row; more than a jitter buffer can hold, so that all that waits there is silent too. */
const SILENT_AFTER_MS = 300;

/**
 * Follows the levels that a peer declares of its packets, so that silence need not be decoded to be known. Levels are
 * read when packets come, which is before they are heard: the first loud one ends the silence in good time.
 *
 * ```
 * |  ID   | len=0 |V|   level     |     level: −dBov, V: the peer thinks that it is voice
 * ```
 * Source: RFC 6464 §3.
 */
export class DeclaredSilence {
  readonly #id: number;
  #silentMs = 0;

  /** `id` — the extension's identifier, as it was agreed on. */
  constructor(id: number) {
    this.#id = id;
  }

  /** Takes one packet of audio. */
  packet(header: RtpHeader, bytes: Uint8Array, durationMs: DurationMs): void {
    const at = readHeaderExtension(bytes, header, this.#id);
    const declared = at < 0 ? 0x80 : (bytes[at] ?? 0x80);
    const silent = declared < 0x80 && -declared <= SILENT_DBOV;
    if (!silent) this.#silentMs = 0;
    else if (this.#silentMs < SILENT_AFTER_MS) this.#silentMs += durationMs;
  }

  /** Whether the peer has been silent for a while. */
  get isSilent(): boolean {
    return this.#silentMs >= SILENT_AFTER_MS;
  }
}
