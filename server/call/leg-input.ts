import { assertNever } from '../../mixer/protocol/coded-error.ts';
import type { AddressBook } from '../address/address-book.ts';
import type { MediaEvent } from '../media/media-pool.ts';
import type { Logger } from '../runtime/logger.ts';
import { advertisedCandidates } from './advertised-address.ts';
import type { CallInput } from './call-message.ts';
import type { LiveCall } from './live-call.ts';
import { unheardFacts, unheardMessage } from './unheard.ts';

/** What an event of a leg goes with on its way to the call. */
export interface LegInputParts {
  readonly book: AddressBook;
  readonly log: Logger;
}

/** What a call is fed for an event of its leg; null for what is only written down. */
export function legInput(
  event: Exclude<MediaEvent, { readonly type: 'room-lost' | 'levels' }>,
  call: LiveCall,
  { book, log }: LegInputParts,
): CallInput | null {
  const { dialogId } = call;
  switch (event.type) {
    case 'dtmf':
      return { type: 'key', key: event.key, method: event.method };
    case 'leg-opened': {
      const { remoteHost } = call.invite.flow;
      const candidates = advertisedCandidates(event.candidates, book, remoteHost);
      return { type: 'leg-opened', port: event.port, candidates };
    }
    case 'leg-insecure':
      log.warn('audio of a call could not be secured', { dialogId, reason: event.reason });
      return { type: 'leg-insecure' };
    case 'leg-unheard':
      log.warn(unheardMessage(event.report.since), unheardFacts(event.report, call, book));
      return null;
    case 'leg-failed':
    case 'leg-closed':
    case 'leg-lost':
    case 'leg-silent':
    case 'play-ended':
      return event;
    default:
      return assertNever(event);
  }
}
