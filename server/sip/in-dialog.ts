import { INFO_ACCEPT, readInfo } from './info-key.ts';
import type { ReceivedRequest } from './received-request.ts';
import { ACCEPT, ALLOW, SUPPORTED } from './request-check.ts';
import type { Reply } from './request-check.ts';
import type { DialogId, SipEvent } from './user-agent.ts';

/** What becomes of a request that changes nothing in its dialog. */
export interface PlainAnswer {
  readonly reply: Reply;
  readonly events: readonly SipEvent[];
}

/** RFC 3261 §21.6.2 with a reason that a person can read. */
const NO_TRANSFER: Reply = { status: 603, phrase: 'Calls Are Not Transferred Here', headers: [] };

/** RFC 6665 §8.3.2: there is no event that could be asked for. */
const NO_EVENTS: Reply = { status: 489, headers: [ALLOW] };

/** Answers what is neither INVITE, UPDATE, PRACK nor BYE. */
export function answerPlainly(request: ReceivedRequest, dialogId: DialogId): PlainAnswer {
  switch (request.message.method) {
    case 'OPTIONS':
      return justSay({ status: 200, headers: [ALLOW, ACCEPT, SUPPORTED] });
    case 'INFO':
      return answerInfo(request, dialogId);
    case 'REFER':
      return justSay(NO_TRANSFER);
    case 'SUBSCRIBE':
    case 'NOTIFY':
      return justSay(NO_EVENTS);
    default:
      return justSay({ status: 405, headers: [ALLOW] });
  }
}

function answerInfo(request: ReceivedRequest, dialogId: DialogId): PlainAnswer {
  // RFC 6086 §4.2.3: no package is offered here.
  if (request.message.headers.count('info-package') > 0) {
    return justSay({ status: 469, headers: [['Recv-Info', '']] });
  }
  const reading = readInfo(request.message);
  switch (reading.kind) {
    case 'malformed':
      return justSay({ status: 400, phrase: 'Bad Signal', headers: [] });
    case 'unknown-type':
      return justSay({ status: 415, headers: [['Accept', INFO_ACCEPT]] });
    case 'nothing':
      return justSay({ status: 200, headers: [] });
    case 'key': {
      const { key, durationMs } = reading;
      const event: SipEvent = { type: 'info-key', dialogId, key, durationMs };
      return { reply: { status: 200, headers: [] }, events: [event] };
    }
  }
}

function justSay(reply: Reply): PlainAnswer {
  return { reply, events: [] };
}
