import type { Draft } from './draft.ts';
import { addRecipients, isSameAddress, type Recipient, type RecipientKind } from './recipients.ts';

/** Parts of a reservation that change together. */
export const MERGE_PARTS = [
  'times',
  'title',
  'note',
  'language',
  'announcements',
  'emails',
  'phones',
  'sms',
] as const;

/** A part of a reservation. */
export type MergePart = (typeof MERGE_PARTS)[number];

/** What two tabs made of one reservation. */
export interface Merge {
  /** Mine, with what only the other tab changed taken over. Where both changed a part, mine stays; lists are united. */
  readonly draft: Draft;
  /** What the other tab changed. */
  readonly theirs: readonly MergePart[];
  /** What both changed, each in another way. */
  readonly both: readonly MergePart[];
}

const KEYS: Readonly<Record<MergePart, readonly (keyof Draft)[]>> = {
  times: ['start', 'startTwin', 'end', 'endTwin', 'zone'],
  title: ['title'],
  note: ['note'],
  language: ['language'],
  announcements: ['announcements'],
  emails: ['emails'],
  phones: ['phones'],
  sms: ['sms'],
};

/** Brings together what I typed and what another tab has kept meanwhile. `base`: what both began with. */
export function merge(mine: Draft, base: Draft, other: Draft): Merge {
  const theirs = MERGE_PARTS.filter((part) => differs(base, other, part));
  const ours = MERGE_PARTS.filter((part) => differs(base, mine, part));
  const both = theirs.filter((part) => ours.includes(part) && differs(mine, other, part));
  let draft = mine;
  for (const part of theirs) {
    if (!ours.includes(part)) draft = withPart(draft, other, part);
    else if (part === 'emails')
      draft = { ...draft, emails: united(base.emails, mine.emails, other.emails, 'email') };
    else if (part === 'phones')
      draft = { ...draft, phones: united(base.phones, mine.phones, other.phones, 'phone') };
  }
  return { draft, theirs, both };
}

/** The draft with one part taken from another. */
export function withPart(draft: Draft, other: Draft, part: MergePart): Draft {
  const taken = Object.fromEntries(KEYS[part].map((key) => [key, other[key]]));
  return { ...draft, ...taken };
}

function differs(one: Draft, other: Draft, part: MergePart): boolean {
  return KEYS[part].some((key) => comparable(one[key]) !== comparable(other[key]));
}

function comparable(value: Draft[keyof Draft]): string {
  if (value === null || typeof value === 'string') return String(value);
  return JSON.stringify(
    value.map((entry) => (typeof entry === 'string' ? entry : entry.address)).sort(),
  );
}

/** What I have, with what the other tab added and without what it took off. */
function united(
  ...[base, mine, other, kind]: [
    readonly Recipient[],
    readonly Recipient[],
    readonly Recipient[],
    RecipientKind,
  ]
): readonly Recipient[] {
  const has = (list: readonly Recipient[], { address }: Recipient): boolean =>
    list.some((entry) => isSameAddress(entry.address, address, kind));
  const kept = mine.filter((entry) => has(other, entry) || !has(base, entry));
  const added = other.filter((entry) => !has(base, entry));
  return addRecipients(kept, added, kind);
}
