import type { DtmfKey } from '../../../mixer/protocol/dtmf.ts';
import { NEVER } from '../../../mixer/protocol/units.ts';
import { Call } from '../../../server/call/call.ts';
import type { CallAction, CallEnd, CallInput } from '../../../server/call/call-message.ts';
import { Session } from '../../../server/call/session.ts';
import type { EntryAction, EntryEnd, EntryInput } from '../../../server/ivr/entry-message.ts';
import type { RoomMenuInput, RoomMenuOutput } from '../../../server/ivr/room-menu-message.ts';
import type { RoomTerms } from '../../../server/reservation/reservation.ts';
import type { Core, Timeout } from '../../../server/runtime/core.ts';

export const OFFER = 'v=0\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8 0\r\n';
export const HOLD = `${OFFER}a=sendonly\r\n`;
export const OPUS_ONLY =
  'v=0\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nm=audio 4000 RTP/AVP 96\r\na=rtpmap:96 opus/48000/2\r\n';
const TERMS: RoomTerms = {
  roomId: 'permanent-777',
  origin: 'permanent',
  number: '777',
  pin: '24680',
  adminPin: null,
  name: '',
  maxParticipants: 30,
  startAtMs: null,
  opensAtMs: null,
  endAtMs: null,
  zone: 'Europe/Warsaw',
  announcements: 'tone',
};
export const STATISTICS = {
  packetsIn: 10,
  packetsOut: 11,
  packetsLost: 1,
  jitterMs: 2,
  dtmfMethod: null,
} as const;

/** A dialogue that does what the test tells it next. */
class Puppet<Input, Action> implements Core<Input, Action> {
  deadlineMs = NEVER;
  readonly inputs: (Input | Timeout)[] = [];
  next: readonly Action[] = [];
  typedAhead: readonly DtmfKey[] = [];
  closing: DtmfKey | null = null;
  leavingFor: EntryEnd | null = null;

  closesEntry(key: DtmfKey): boolean {
    return key === this.closing;
  }

  handle(input: Input | Timeout): readonly Action[] {
    this.inputs.push(input);
    const actions = this.next;
    this.next = [];
    return actions;
  }
}

/** A call under test and what came out of it, as words. */
export class Bench {
  readonly dialogue = new Puppet<EntryInput, EntryAction>();
  readonly menu = new Puppet<RoomMenuInput, RoomMenuOutput>();
  readonly session: Session;
  readonly call: Call;
  nowMs = 0;

  constructor(offer: string | null = OFFER, farewell: 'spoken' | 'silent' = 'spoken', ringMs = 0) {
    this.session = new Session({
      kind: 'trunk',
      codecs: ['PCMA', 'PCMU'],
      advertisedHost: '127.0.0.1',
      peerHost: '127.0.0.1',
      sessionId: '1',
      srtp: 'off',
      signalling: 'open',
      random: { hex: (bytes) => '00'.repeat(bytes), integer: () => 0 },
      fingerprint: null,
    });
    this.call = new Call({
      dialogId: 'dialog',
      legId: 'leg',
      offer,
      session: this.session,
      entryPoint: { type: 'menu', createByPhone: 'allowed' },
      language: 'en',
      wallclockMs: () => 0,
      localHost: '127.0.0.1',
      ringMs,
      dialogue: this.dialogue,
      farewell,
      menuFor: () => this.menu,
    });
  }

  feed(input: CallInput | Timeout): readonly string[] {
    return this.call.handle(input, this.nowMs).map(word);
  }

  last(input: CallInput | Timeout): CallAction | undefined {
    return this.call.handle(input, this.nowMs).at(-1);
  }

  answered(): this {
    this.feed({ type: 'begin' });
    this.feed({ type: 'leg-opened', candidates: [], port: 20_000 });
    this.feed({ type: 'sip', event: { type: 'established', dialogId: 'dialog', answer: null } });
    return this;
  }

  inRoom(): this {
    this.answered();
    this.dialogue.next = [
      { type: 'enter', terms: TERMS, role: 'participant', whenFull: 'refuse', tie: 'guest' },
    ];
    this.feed({ type: 'key', key: '1', method: 'rfc4733' });
    this.feed({ type: 'entered' });
    return this;
  }
}

function word(action: CallAction): string {
  switch (action.type) {
    case 'sip': {
      const { command } = action;
      if (command.type === 'reject') return `reject ${command.status}`;
      if (command.type === 'hang-up') return `bye ${command.reason?.text ?? ''}`;
      return command.type;
    }
    case 'media':
      return action.command.type === 'update-leg'
        ? `update-leg ${action.command.media.direction}`
        : action.command.type;
    case 'leave-room':
      return action.how === 'left' ? 'leave-room' : 'leave-room lost';
    case 'finished':
      return `finished ${action.end.cause} ${action.end.answered} ${action.end.visit?.number ?? '-'}`;
    default:
      return action.type;
  }
}

export function endOf(action: CallAction | undefined): CallEnd | undefined {
  return action?.type === 'finished' ? action.end : undefined;
}
