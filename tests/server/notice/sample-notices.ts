import type { Notice } from '../../../server/notice/notice.ts';
import { at } from '../reservation/sample-reservations.ts';

/** An invitation by e-mail that is due at once, with what differs. */
export function sampleNotice(differences: Partial<Notice> = {}): Notice {
  const dueAtMs = differences.dueAtMs ?? at('2026-03-01T10:00Z');
  return {
    noticeId: 'n1',
    reservationId: 'r1',
    profileId: 'p1',
    channel: 'email',
    kind: 'invitation',
    recipient: 'anna@example.com',
    language: 'pl',
    payload: null,
    createdAtMs: at('2026-03-01T10:00Z'),
    dueAtMs,
    uselessAtMs: at('2026-03-02T12:00Z'),
    state: 'pending',
    attempts: 0,
    nextAttemptAtMs: dueAtMs,
    stateAtMs: at('2026-03-01T10:00Z'),
    reason: null,
    providerId: null,
    segments: null,
    costMilli: null,
    ...differences,
  };
}
