import type { TrunkSettings } from '../config/config.ts';
import { planNumber } from '../numbering/plan-number.ts';
import type { PlannedNumber } from '../numbering/plan-number.ts';
import type { CallDiversion } from '../reservation/call-record.ts';
import type { InboundInvite } from '../sip/user-agent.ts';

/** Who calls, as far as it may be known. It remains a label, never a permission. */
export interface CallerIdentity {
  /** In our form (`planNumber`); null when it is withheld or not told. */
  readonly number: string | null;
  /** Who said so: the trunk (RFC 3325) or the caller; or nobody, and nobody was to be told. */
  readonly source: 'asserted' | 'from' | 'withheld' | 'none';
  /** How its form was found; null when there is no number. */
  readonly planned: PlannedNumber | null;
  /** Whom the call was meant for before, the latest first, in our form. */
  readonly diversions: readonly CallDiversion[];
}

/** Users that telephones and exchanges put where a number is not told. */
const NOBODY: ReadonlySet<string> = new Set([
  '',
  'anonymous',
  'private',
  'restricted',
  'unavailable',
  'unknown',
]);

/**
 * The caller of a call over `trunk`: what it asserts, where it is trusted to, else what the caller says. Both are read by
 * the trunk's rules for callers, so that one telephone is one caller however it is written.
 */
export function identify(
  invite: InboundInvite,
  trunk: TrunkSettings,
  countryCode: string,
): CallerIdentity {
  const plan = { country: trunk.numbers.country, rules: trunk.numbers.caller };
  const diversions = invite.diversions.map(({ user, reason }) => ({
    number: planNumber(user, plan, countryCode).number,
    reason,
  }));
  const nobody = { number: null, planned: null, diversions };
  if (invite.privacy === 'withheld') return { ...nobody, source: 'withheld' };
  const asserted = trunk.trustIdentity ? invite.assertedUser : null;
  const user = asserted ?? invite.fromUser;
  if (NOBODY.has(user.toLowerCase())) return { ...nobody, source: 'none' };
  const planned = planNumber(user, plan, countryCode);
  const source = asserted === null ? 'from' : 'asserted';
  return { number: planned.number, source, planned, diversions };
}

/** The user of our Contact at a registrar: it is made, and means nothing to people (`contactUserFor`). */
const CONTACT_NAME = /^[0-9a-f]{32}$/u;

/**
 * What may have been dialled, the likeliest first. Over a trunk that we register with, calls come to our Contact: the
 * number is then that of the called party, or the account itself.
 */
export function dialledTexts(
  invite: InboundInvite,
  trunk: TrunkSettings,
): readonly [string, ...string[]] {
  const { calledUser, calledParties } = invite;
  if (trunk.register === null) return [calledUser];
  const others = [...calledParties, trunk.register.user];
  const [first] = others;
  if (!CONTACT_NAME.test(calledUser) || first === undefined) return [calledUser, ...others];
  return [first, ...others.slice(1)];
}

/**
 * What was dialled, for logs: without the pauses and keys that telephones append, to be keyed after the answer. A PIN
 * may be among them (`908,,1,12345,67890`), and some send them in the INVITE.
 */
export function dialledOf({ calledUser, calledParties }: InboundInvite): string {
  const [party = calledUser] = CONTACT_NAME.test(calledUser) ? calledParties : [];
  return /^(\+?\d[\d\s\-./()]*)[,;*#pPwW]/u.exec(party)?.[1] ?? party;
}

/** Whether a call came over a WebSocket: only browsers do, and only with a seat. */
export function isByBrowser(invite: InboundInvite): boolean {
  const { transport } = invite.flow;
  return transport === 'ws' || transport === 'wss';
}
