import type { HeaderExtensions } from '../protocol/mixer-command.ts';
import {
  finishHeaderExtensions,
  startHeaderExtensions,
  writeHeaderExtension,
} from '../rtp/header-extension.ts';
import { RTP_HEADER_BYTES, writeRtpHeader } from '../rtp/rtp-packet.ts';
import type { RtpHeader } from '../rtp/rtp-packet.ts';

/** Header, extension head, level (2), MID (17), rounded up to a whole word. */
const MAX_HEAD_BYTES = RTP_HEADER_BYTES + 4 + 20;

/** From here on a level counts as voice in the extension: far above noise, far below speech. */
const VOICE_MIN_DBOV = -55;

/**
 * The part of a leg's packets before the payload: the RTP header and what extensions were agreed on, laid out once.
 *
 * ```
 * |   RTP header, X set   | 0xBEDE | words |  ID | 0 |V|  level  |  ID | len−1 | mid ... | 0 ... |
 *         12 bytes              4 bytes       RFC 6464 §3           RFC 8843 §15, RFC 9143
 * ```
 */
export class PacketTemplate {
  /** Where the payload begins. */
  readonly headBytes: number;
  readonly #head = new Uint8Array(MAX_HEAD_BYTES);
  /** Where the level goes, or −1. */
  readonly #levelAt: number;

  constructor(extensions: HeaderExtensions | undefined) {
    const head = this.#head;
    let levelAt = -1;
    let end = RTP_HEADER_BYTES;
    const levelId = extensions?.audioLevelId ?? null;
    const midId = extensions?.mid === '' ? null : (extensions?.midId ?? null);
    if (levelId !== null || midId !== null) {
      let at = startHeaderExtensions(head, 0);
      if (levelId !== null) {
        levelAt = at + 1;
        at = writeHeaderExtension(head, at, levelId, Uint8Array.of(0x7f));
      }
      if (midId !== null) {
        at = writeHeaderExtension(head, at, midId, new TextEncoder().encode(extensions?.mid));
      }
      end = finishHeaderExtensions(head, 0, at);
    }
    this.#levelAt = levelAt;
    this.headBytes = end;
  }

  /** Writes the head of one packet to the start of `out`. */
  write(out: Uint8Array, header: RtpHeader, levelDbov: number): void {
    const { headBytes } = this;
    writeRtpHeader(out, 0, header);
    const head = this.#head;
    // Writing the header has put the mark of the extensions out.
    out[0] = 0x90;
    for (let i = RTP_HEADER_BYTES; i < headBytes; i += 1) out[i] = head[i] ?? 0;
    if (this.#levelAt < 0) return;
    out[this.#levelAt] = -levelDbov | (levelDbov >= VOICE_MIN_DBOV ? 0x80 : 0);
  }
}
