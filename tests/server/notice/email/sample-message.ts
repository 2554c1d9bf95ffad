import type { EmailMessage } from '../../../../server/notice/notice.ts';
import { reservationEmail } from '../../../../server/notice/email/reservation-email.ts';
import { sampleFacts, sampleSettings } from './sample-facts.ts';

/** An invitation ready to send. */
export function sampleMessage(changes: Partial<EmailMessage> = {}): EmailMessage {
  return {
    ...reservationEmail('invitation', sampleFacts(), sampleSettings('pl')),
    messageId: `<${'0a'.repeat(16)}@konfa.example.org>`,
    fromName: 'Konfa Łódź',
    fromAddress: 'konfa@example.org',
    to: 'jan@example.org',
    ...changes,
  };
}

/** A log that remembers its lines. */
export function memoryLog(): {
  readonly lines: string[];
  readonly log: {
    error(message: string, facts?: object): void;
    warn(message: string, facts?: object): void;
    info(message: string, facts?: object): void;
    debug(message: string, facts?: object): void;
    child(): never;
    setLevel(): void;
    reopen(): void;
    close(): void;
  };
} {
  const lines: string[] = [];
  const write = (level: string) => (message: string, facts?: object) => {
    lines.push(`${level} ${message} ${JSON.stringify(facts ?? {})}`);
  };
  const nothing = (): void => undefined;
  return {
    lines,
    log: {
      error: write('error'),
      warn: write('warn'),
      info: write('info'),
      debug: write('debug'),
      child: () => {
        throw new Error('not asked for here');
      },
      setLevel: nothing,
      reopen: nothing,
      close: nothing,
    },
  };
}
