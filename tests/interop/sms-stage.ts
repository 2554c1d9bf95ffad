import type { PDU } from 'smpp';
import type {
  SendOutcome,
  SmsMessage,
  SmsProvider,
  SmsReceipt,
} from '../../server/notice/notice.ts';
import { createSmsProvider } from '../../server/notice/sms/create-sms-provider.ts';
import { keptLog, sampleSms, smsSettings } from '../server/notice/sms/sample-sms.ts';
import { at, seededRandom } from '../server/reservation/sample-reservations.ts';
import { SimClock } from '../support/sim-clock.ts';
import { politeAnswer, startSmsCentre } from './sms-centre.ts';
import type { Answer, SmsCentre } from './sms-centre.ts';

/** Konfa's SMPP client and an SMS centre, with a clock that the test moves. */
export interface SmsStage {
  readonly centre: SmsCentre;
  readonly provider: SmsProvider;
  /** Sends, and lets the millisecond pass that a message has for itself. */
  readonly send: (differences?: Partial<SmsMessage>) => Promise<SendOutcome>;
  readonly clock: SimClock;
  readonly receipts: readonly SmsReceipt[];
  readonly lines: readonly string[];
}

/** Runs `work` on a stage with these settings under `notices.sms.smpp`. */
export async function withStage(
  answer: Answer,
  smpp: object,
  work: (stage: SmsStage) => Promise<void>,
): Promise<void> {
  const centre = await startSmsCentre(answer);
  const clock = new SimClock(at('2026-11-10T14:36Z'));
  const { lines, log } = keptLog();
  const settings = smsSettings({
    provider: 'smpp',
    smpp: {
      host: '127.0.0.1',
      port: centre.port,
      systemId: 'konfa',
      password: 'pw',
      perSecond: 1000,
      ...smpp,
    },
  });
  const provider = createSmsProvider(settings, { clock, log, random: seededRandom(1) });
  const receipts: SmsReceipt[] = [];
  provider.onReceipt((receipt) => receipts.push(receipt));
  const send: SmsStage['send'] = async (differences) => {
    const sending = provider.send(sampleSms(differences));
    await clock.advance(1);
    return sending;
  };
  try {
    await work({ centre, provider, send, clock, receipts, lines });
  } finally {
    const closing = provider.close();
    await clock.advance(1_000);
    await closing;
    await centre.close();
  }
}

/** submit_sm that came. */
export function submissions(centre: SmsCentre): readonly PDU[] {
  return centre.requests.filter(({ command }) => command === 'submit_sm');
}

/** Answers everything politely but submit_sm. */
export function answering(submit: Answer): Answer {
  const polite = politeAnswer();
  return (request, session) =>
    request.command === 'submit_sm' ? submit(request, session) : polite(request, session);
}
