import { assertNever } from '../../mixer/protocol/coded-error.ts';
import type { DurationMs, WallclockMs } from '../../mixer/protocol/units.ts';
import type { Notice, NoticeState } from '../notice/notice.ts';
import type { ReservationEvent, ReservationRecorder } from '../reservation/reservation-recorder.ts';
import type { ProfileId } from '../reservation/reservation.ts';
import { changedFields, eventBody, noticeData, reservationData } from './event-body.ts';
import type { EventData } from './event-body.ts';
import type { WebhookSenderOptions } from './webhook-sender.ts';
import type { WebhookDelivery, WebhookEventType } from './webhook.ts';

/** Turns what happens into rows that are delivered. All writing takes part in the caller's transaction. */
export interface EventQueue {
  readonly recorder: ReservationRecorder;
  readonly noticeState: (notice: Notice, nowMs: WallclockMs) => void;
  /** Queues a body for a webhook. */
  readonly add: (
    what: Pick<WebhookDelivery, 'webhookId' | 'event' | 'body'>,
    nowMs: WallclockMs,
  ) => WebhookDelivery;
}

const HOUR_MS: DurationMs = 3_600_000;

/** States of notices that have an event. */
const NOTICE_EVENTS: Readonly<Partial<Record<NoticeState, WebhookEventType>>> = {
  sent: 'notice.sent',
  delivered: 'notice.delivered',
  failed: 'notice.failed',
};

/** The queue of a store. `wake` is called when something was queued. */
export function createEventQueue(
  options: Pick<WebhookSenderOptions, 'store' | 'settings' | 'random'> & {
    readonly wake: () => void;
  },
): EventQueue {
  const { store, settings, random, wake } = options;

  function add(
    { webhookId, event, body }: Pick<WebhookDelivery, 'webhookId' | 'event' | 'body'>,
    nowMs: WallclockMs,
  ): WebhookDelivery {
    const delivery: WebhookDelivery = {
      deliveryId: random.hex(16),
      webhookId,
      event,
      state: 'pending',
      body,
      attempts: 0,
      status: null,
      reason: null,
      createdAtMs: nowMs,
      nextAttemptAtMs: nowMs,
      giveUpAtMs: nowMs + settings.giveUpHours * HOUR_MS,
      stateAtMs: nowMs,
    };
    store.insertDelivery(delivery);
    wake();
    return delivery;
  }

  function tell(
    profileId: ProfileId,
    event: { readonly type: WebhookEventType; readonly data: EventData },
    nowMs: WallclockMs,
  ): void {
    if (!settings.enabled) return;
    const listeners = store
      .ofProfile(profileId)
      .filter(({ state, events }) => state === 'on' && events.includes(event.type));
    if (listeners.length === 0) return;
    const body = eventBody({ ...event, id: random.hex(16), createdAtMs: nowMs });
    for (const { webhookId } of listeners) add({ webhookId, event: event.type, body }, nowMs);
  }

  return {
    recorder: {
      record(event, nowMs) {
        tell(event.reservation.profileId, reservationEvent(event), nowMs);
        return [];
      },
    },
    noticeState(notice, nowMs) {
      const type = NOTICE_EVENTS[notice.state];
      const data = noticeData(notice);
      if (type === undefined || data === null) return;
      tell(notice.profileId, { type, data: { notice: data } }, nowMs);
    },
    add,
  };
}

function reservationEvent(event: ReservationEvent): {
  readonly type: WebhookEventType;
  readonly data: EventData;
} {
  const reservation = reservationData(event.reservation);
  switch (event.type) {
    case 'booked':
      return { type: 'reservation.booked', data: { reservation } };
    case 'changed':
    case 'extended': {
      const changed = changedFields(event.before, event.reservation);
      return { type: 'reservation.changed', data: { reservation, changed } };
    }
    case 'cancelled':
      return { type: 'reservation.deleted', data: { reservation } };
    default:
      return assertNever(event);
  }
}
