import { parseConfig } from '../../../../server/config/config.ts';
import type { Config } from '../../../../server/config/config.ts';
import type { ReservationFacts, SmsMessage } from '../../../../server/notice/notice.ts';
import type { Reservation } from '../../../../server/reservation/reservation.ts';
import type { Logger } from '../../../../server/runtime/logger.ts';
import { sampleReservation } from '../../reservation/sample-reservations.ts';

/** A log that keeps its lines, as `level message facts`. */
export function keptLog(): { readonly log: Logger; readonly lines: string[] } {
  const lines: string[] = [];
  const at = (level: string) => (message: string, facts?: object) => {
    lines.push(`${level} ${message} ${JSON.stringify(facts ?? {})}`);
  };
  const log: Logger = {
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    child: () => log,
    setLevel: () => undefined,
    reopen: () => undefined,
    close: () => undefined,
  };
  return { log, lines };
}

/** Settings under `notices.sms` with what differs. */
export function smsSettings(given: object = {}): Config['notices']['sms'] {
  return parseConfig({ notices: { sms: given } }).notices.sms;
}

/** An SMS with what differs. */
export function sampleSms(differences: Partial<SmsMessage> = {}): SmsMessage {
  return {
    noticeId: '0123456789abcdef0123456789abcdef',
    to: '+48501234567',
    from: 'HaloNet',
    text: 'Call 223500908, PIN 70214.',
    segments: 1,
    ...differences,
  };
}

/** Facts of a reservation with what differs. */
export function sampleFacts(
  differences: Partial<Reservation> = {},
  shown = '22 350 09 08',
): ReservationFacts {
  return {
    reservation: sampleReservation(differences),
    organiser: { name: 'Ewa Lis', email: 'ewa@example.org', language: 'pl' },
    accessNumbers: [
      { shown: '908', dial: '908', reach: 'on-net' },
      { shown, dial: '+48223500908', reach: 'anybody' },
    ],
    joinUrl: '',
    moderatorUrl: null,
    panelUrl: 'https://konfa.example.org/reservations/r1',
  };
}
