/** A key of a telephone, RFC 4733 table 3, events 0–15. */
export type DtmfKey =
  '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | '*' | '#' | 'A' | 'B' | 'C' | 'D';

/** Keys in the order of their event codes: `DTMF_KEYS[event]`. */
export const DTMF_KEYS: readonly DtmfKey[] = [
  '0',
  '1',
  '2',
  '3',
  '4',
  '5',
  '6',
  '7',
  '8',
  '9',
  '*',
  '#',
  'A',
  'B',
  'C',
  'D',
];

/** How a key reached us. */
export type DtmfMethod = 'rfc4733' | 'info' | 'in-band';
