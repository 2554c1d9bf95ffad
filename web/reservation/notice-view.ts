import type { NoticeView } from '../../server/panel/api/reservation-api.ts';

/** All messages to one address. */
export interface NoticesOfRecipient {
  readonly recipient: string;
  readonly channel: 'email' | 'sms';
  /** The latest first. */
  readonly notices: readonly NoticeView[];
}

/** Groups messages by who they go to: e-mail first, then SMS, by address; the organiser's own are left to `ownNotices`. */
export function byRecipient(notices: readonly NoticeView[]): readonly NoticesOfRecipient[] {
  const groups = new Map<string, NoticesOfRecipient>();
  for (const notice of notices.filter((one) => !isOwn(one))) {
    const key = `${notice.channel} ${notice.recipient}`;
    const known = groups.get(key)?.notices ?? [];
    groups.set(key, {
      recipient: notice.recipient,
      channel: notice.channel,
      notices: [...known, notice].sort(latestFirst),
    });
  }
  return [...groups.values()].sort(
    (one, other) =>
      one.channel.localeCompare(other.channel) || one.recipient.localeCompare(other.recipient),
  );
}

/** Messages to the organiser, the latest first. */
export function ownNotices(notices: readonly NoticeView[]): readonly NoticeView[] {
  return notices.filter(isOwn).sort(latestFirst);
}

/** How many messages went well, wait, and went wrong. */
export interface NoticeCounts {
  readonly sent: number;
  readonly waiting: number;
  readonly wrong: number;
}

/** Counts the states of messages. Cancelled ones are counted nowhere. */
export function countNotices(notices: readonly NoticeView[]): NoticeCounts {
  const count = (...states: readonly NoticeView['state'][]): number =>
    notices.filter(({ state }) => states.includes(state)).length;
  return {
    sent: count('sent', 'delivered'),
    waiting: count('pending', 'sending'),
    wrong: count('failed', 'unknown', 'too-late'),
  };
}

/** How a state is coloured. */
export function noticeTone(state: NoticeView['state']): 'good' | 'waiting' | 'bad' | 'neutral' {
  if (state === 'sent' || state === 'delivered') return 'good';
  if (state === 'pending' || state === 'sending') return 'waiting';
  return state === 'cancelled' ? 'neutral' : 'bad';
}

function isOwn(notice: NoticeView): boolean {
  return notice.kind.startsWith('organiser-');
}

function latestFirst(one: NoticeView, other: NoticeView): number {
  return Date.parse(other.dueAt) - Date.parse(one.dueAt);
}
