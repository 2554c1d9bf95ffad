import type { WallclockMs } from '../../mixer/protocol/units.ts';
import type { Alarm } from '../../server/notice/alarm.ts';
import type {
  EmailMessage,
  EmailTransport,
  ProviderHealth,
  SmsMessage,
  SmsProvider,
} from '../../server/notice/notice.ts';
import type { Clock } from '../../server/runtime/clock.ts';

const GOOD: ProviderHealth = { name: 'sim', state: 'good', detail: '', sinceMs: null };

/** A mail server and an SMS centre that take everything and keep it for the test to read. */
export class SimPost {
  readonly mails: EmailMessage[] = [];
  readonly texts: SmsMessage[] = [];

  readonly email: EmailTransport = {
    send: async (message) => {
      this.mails.push(message);
      return { outcome: 'sent', providerId: null };
    },
    health: () => GOOD,
    close: async () => undefined,
  };

  readonly sms: SmsProvider = {
    send: async (message) => {
      this.texts.push(message);
      return { outcome: 'sent', providerId: `sim-${this.texts.length}` };
    },
    onReceipt: () => undefined,
    health: () => GOOD,
    close: async () => undefined,
  };
}

/** How often a simulated alarm rings besides: as often as the real one. */
const REGULARLY_MS = 30_000;

/** An alarm on a simulated clock. */
export function createSimAlarm(clock: Clock, ring: () => void): Alarm {
  let cancelNext = (): void => undefined;
  let cancelRegular = regularly();

  function regularly(): () => void {
    return clock.schedule(clock.monotonicMs() + REGULARLY_MS, () => {
      cancelRegular = regularly();
      ring();
    });
  }

  return {
    set(atMs: WallclockMs | null) {
      cancelNext();
      cancelNext = () => undefined;
      if (atMs === null) return;
      cancelNext = clock.schedule(clock.monotonicMs() + atMs - clock.wallclockMs(), ring);
    },
    stop() {
      cancelNext();
      cancelRegular();
    },
  };
}
