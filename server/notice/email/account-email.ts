import type { WallclockMs } from '../../../mixer/protocol/units.ts';
import type { Language } from '../../reservation/reservation.ts';
import type { AccountNoticeKind } from '../notice.ts';
import { accountFooter, accountGreeting, accountWords } from './account-words.ts';
import { capitalised, looksLikeAddress, oneLine } from './clean-text.ts';
import { durationText } from './duration-text.ts';
import type { EmailContent } from './email-content.ts';
import { letterHtml } from './letter-html.ts';
import { letterText } from './letter-text.ts';
import type { Letter, LetterBlock } from './letter.ts';

/** What e-mails about an account say. `link` is null for those that need none. */
export interface AccountFacts {
  readonly name: string;
  readonly link: string | null;
  /** Address of the panel. */
  readonly publicUrl: string;
  /** `notices.email.fromName`. */
  readonly fromName: string;
  readonly language: Language;
  readonly nowMs: WallclockMs;
  /** When the link ends. */
  readonly uselessAtMs: WallclockMs;
}

/** Those that anybody can have sent to any address: a name in them must not be somebody's advertisement. */
const TO_STRANGERS: ReadonlySet<AccountNoticeKind> = new Set([
  'confirm-address',
  'account-exists',
  'confirm-new-address',
]);

const TONES: Readonly<Partial<Record<AccountNoticeKind, Letter['tone']>>> = {
  'password-changed': 'changed',
  'address-changed': 'changed',
};

/** The e-mail of this kind. A link that it needs and does not have leads to the panel. */
export function accountEmail(kind: AccountNoticeKind, facts: AccountFacts): EmailContent {
  const { language } = facts;
  const words = accountWords(kind, language);
  const time = durationText(facts.uselessAtMs - facts.nowMs, language);
  const brand = oneLine(facts.fromName);
  const lead = [accountGreeting(nameFor(kind, facts.name), language), ...words.paragraphs];
  const letter: Letter = {
    language,
    subject: `${words.subject} – ${brand}`,
    brand,
    eyebrow: words.eyebrow,
    tone: TONES[kind] ?? 'calm',
    heading: words.heading,
    preview: capitalised(words.paragraphs[0] ?? ''),
    blocks: [
      ...lead.map((text): LetterBlock => ({ kind: 'paragraph', text })),
      ...button(words.button, facts),
      ...words.after.map((text): LetterBlock => ({
        kind: 'small',
        text: text.replace('{time}', time),
      })),
    ],
    footer: accountFooter(language, { brand, publicUrl: facts.publicUrl }),
  };
  return {
    subject: oneLine(letter.subject),
    text: letterText(letter),
    html: letterHtml(letter),
    calendar: null,
    replyTo: null,
  };
}

/** The name to greet, or none. */
function nameFor(kind: AccountNoticeKind, name: string): string {
  const clean = oneLine(name);
  return TO_STRANGERS.has(kind) && looksLikeAddress(clean) ? '' : clean;
}

function button(label: string, { link, publicUrl }: AccountFacts): readonly LetterBlock[] {
  if (label === '') return [];
  return [{ kind: 'buttons', buttons: [{ label, href: link ?? publicUrl, rank: 'primary' }] }];
}
