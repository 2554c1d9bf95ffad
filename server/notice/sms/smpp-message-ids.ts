import { LatestMap } from '../../runtime/latest-map.ts';

/** How an SMS centre writes in receipts the id that it gave in submit_sm_resp. */
type Style = 'same' | 'hex-then-decimal' | 'decimal-then-hex';

interface Known {
  readonly providerId: string;
  readonly to: string;
}

/** Most ids that are remembered. */
const MOST_IDS = 20_000;

/** Longest id that is a number and is converted. */
const LONGEST_NUMBER = 20;

/** So many last digits tell two subscribers apart, however their numbers are written. */
const TELLING_DIGITS = 8;

/** Finds which message a receipt is about. */
export interface MessageIds {
  /** An id of submit_sm_resp, and to whom the message went. */
  remember(providerId: string, to: string): void;
  /**
   * The id of submit_sm_resp that a receipt's id stands for; the receipt's own when nothing better is known.
   * `addresses`: source and destination of the receipt, of which one is the recipient.
   */
  resolve(receiptId: string, addresses: readonly string[]): string;
}

/**
 * Some SMS centres answer submit_sm with an id in hexadecimal digits and write it in decimal ones in receipts, or the
 * other way round, or change its zeros and capitals. What is the case is learnt from ids that are remembered, and goes
 * on to be used for older ones.
 */
export function createMessageIds(): MessageIds {
  const known = new LatestMap<Known>(MOST_IDS);
  let learnt: Style = 'same';
  let capitals: 'upper' | 'lower' = 'lower';

  function candidates(receiptId: string): readonly (Known & { readonly style: Style })[] {
    const styles = [...new Set<Style>([learnt, 'same', 'hex-then-decimal', 'decimal-then-hex'])];
    return styles.flatMap((style) => {
      const written = convert(receiptId, style);
      const match = written === null ? undefined : known.get(plain(written));
      return match === undefined ? [] : [{ ...match, style }];
    });
  }

  function resolve(receiptId: string, addresses: readonly string[]): string {
    const found = candidates(receiptId);
    const ends = addresses.map(ending);
    const best = found.find(({ to }) => ends.includes(ending(to))) ?? found[0];
    if (best !== undefined) {
      learnt = best.style;
      return best.providerId;
    }
    const converted = learnt === 'same' ? null : convert(receiptId, learnt);
    if (converted === null) return receiptId;
    return capitals === 'upper' ? converted.toUpperCase() : converted;
  }

  return {
    remember(providerId, to) {
      known.set(plain(providerId), { providerId, to });
      if (/[a-f]/iu.test(providerId)) capitals = /[A-F]/u.test(providerId) ? 'upper' : 'lower';
    },
    resolve,
  };
}

/** From how receipts write an id to how submit_sm_resp does; null when it is no such number. */
function convert(receiptId: string, style: Style): string | null {
  if (style === 'same') return receiptId;
  if (receiptId.length > LONGEST_NUMBER) return null;
  if (style === 'hex-then-decimal') {
    return /^[0-9]+$/u.test(receiptId) ? BigInt(receiptId).toString(16) : null;
  }
  return /^[0-9a-f]+$/iu.test(receiptId) ? BigInt(`0x${receiptId}`).toString(10) : null;
}

function plain(id: string): string {
  return id.toLowerCase().replace(/^0+(?=.)/u, '');
}

function ending(address: string): string {
  return address.replace(/[^0-9]/gu, '').slice(-TELLING_DIGITS);
}
