import { assertNever } from '../../mixer/protocol/coded-error.ts';
import type { LegStatistics } from '../../mixer/protocol/mixer-event.ts';
import { NEVER } from '../../mixer/protocol/units.ts';
import type { DurationMs, MonotonicMs } from '../../mixer/protocol/units.ts';
import type { EntryAction, EntryInput } from '../ivr/entry-message.ts';
import type { RoomMenuInput } from '../ivr/room-menu-message.ts';
import type { Utterance } from '../prompt/utterance.ts';
import type { ExpelWhy } from '../room/room-message.ts';
import type { Core, Timeout } from '../runtime/core.ts';
import type {
  CallAction,
  CallInput,
  CallSipEvent,
  EnterRequest,
  RoomVisit,
} from './call-message.ts';
import type { CallOptions } from './call-options.ts';
import { DIALOG_ENDS, ENTRY_ENDS, EXPEL_CAUSES, leavingBy } from './call-ends.ts';
import { isBeforeRoom } from './call-state.ts';
import type { CallState } from './call-state.ts';
import { KeyPresses } from './key-presses.ts';
import type { KeyTold } from './key-presses.ts';
import { releaseVerdict } from './release-cause.ts';
import type { ReleaseCause } from './release-cause.ts';
import type { LegPlace } from './session.ts';
import { Signalling } from './signalling.ts';
import { Speaker } from './speaker.ts';

/** The longest that anybody is made to listen to the words of a farewell. */
const FAREWELL_TIMEOUT_MS: DurationMs = 20_000;
/** How long the worker may take to close a leg before the record is written without its figures. */
const CLOSING_TIMEOUT_MS: DurationMs = 3000;

/** One call as a core: signalling, media and dialogue meet here. */
export class Call implements Core<CallInput, CallAction> {
  readonly #options: CallOptions;
  readonly #speaker: Speaker;
  readonly #signalling: Signalling;
  readonly #keys = new KeyPresses();
  #state: CallState = { state: 'new' };
  /** What the dialogue asked for, until the room has answered. */
  #entering: EnterRequest | null = null;
  #lastVisit: RoomVisit | null = null;
  #out: CallAction[] = [];

  constructor(options: CallOptions) {
    this.#options = options;
    this.#speaker = new Speaker(options);
    this.#signalling = new Signalling(options);
  }

  get deadlineMs(): MonotonicMs {
    switch (this.#state.state) {
      case 'entry':
        return this.#options.dialogue.deadlineMs;
      case 'room':
        return this.#state.menu.deadlineMs;
      case 'ringing':
      case 'farewell':
      case 'closing':
        return this.#state.deadlineMs;
      default:
        return NEVER;
    }
  }

  handle(input: CallInput | Timeout, nowMs: MonotonicMs): readonly CallAction[] {
    if (this.#state.state !== 'over') this.#transition(input, nowMs);
    const out = this.#out;
    this.#out = [];
    return out;
  }

  #transition(input: CallInput | Timeout, nowMs: MonotonicMs): void {
    switch (input.type) {
      case 'begin':
        return this.#begin(nowMs);
      case 'timeout':
        return this.#timeout(nowMs);
      case 'sip':
        return this.#sip(input.event, nowMs);
      case 'leg-opened':
        return this.#legOpened(input, nowMs);
      case 'leg-failed':
        return this.#legFailed(input.why === 'no-port' ? 'no-media-port' : 'media-fault');
      case 'leg-closed':
        return this.#legClosed(input.statistics, nowMs);
      case 'leg-lost':
        return this.#legLost();
      case 'leg-silent':
        return this.#release('no-audio-from-caller', nowMs);
      case 'leg-insecure':
        return this.#release('media-not-secured', nowMs);
      case 'room-lost':
        return this.#roomLost(input.roomId, nowMs);
      case 'key':
        return this.#key({ ...input, heldMs: 0 }, nowMs);
      case 'play-ended':
        return this.#playEnded(input, nowMs);
      case 'entry':
        return this.#feedDialogue(input.input, nowMs);
      case 'entered':
        return this.#entered(nowMs);
      case 'not-entered':
        return this.#feedDialogue({ type: 'not-entered', why: input.why }, nowMs);
      case 'room-says':
        return this.#roomSays(input.utterance);
      case 'expelled':
        return this.#expelled(input.why, nowMs);
      case 'release':
        return this.#release(input.cause, nowMs);
      default:
        return assertNever(input);
    }
  }

  #begin(nowMs: MonotonicMs): void {
    const { offer, session, legId } = this.#options;
    const judged = offer === null ? null : session.receive(offer);
    if (judged?.outcome === 'refused') {
      this.#out.push(...this.#signalling.end(judged.cause));
      this.#state = { state: 'closing', cause: judged.cause, deadlineMs: nowMs };
      return this.#finish(null);
    }
    const { ringMs } = this.#options;
    // While it rings nothing is heard and nobody is missed.
    const media = ringMs > 0 ? { ...session.media, direction: 'inactive' as const } : session.media;
    this.#out.push({ type: 'open-leg', legId, media });
    this.#state = { state: 'opening' };
  }

  /** The leg is there before it rings: who has no port for a call does not let it ring. */
  #legOpened(place: LegPlace, nowMs: MonotonicMs): void {
    if (this.#state.state !== 'opening') return;
    const { ringMs } = this.#options;
    this.#out.push(...this.#signalling.placed(place));
    if (ringMs === 0) return this.#answer();
    this.#out.push(...this.#signalling.ring());
    this.#state = { state: 'ringing', deadlineMs: nowMs + ringMs };
  }

  #answer(): void {
    this.#out.push(...this.#signalling.answer(this.#options.offer));
    this.#state = { state: 'answering' };
  }

  #legFailed(cause: ReleaseCause): void {
    if (this.#state.state !== 'opening') return;
    this.#out.push(...this.#signalling.end(cause));
    this.#state = { state: 'closing', cause, deadlineMs: NEVER };
    this.#finish(null);
  }

  #legClosed(statistics: LegStatistics, nowMs: MonotonicMs): void {
    this.#leaveRoom('media-fault');
    if (this.#state.state !== 'closing') this.#end('media-fault', nowMs);
    this.#finish(statistics);
  }

  /** The worker is gone and with it the leg: nothing can be said any more. */
  #legLost(): void {
    this.#leaveRoom('media-fault');
    if (this.#state.state !== 'closing') {
      this.#out.push(...this.#signalling.end('media-fault'));
      this.#state = { state: 'closing', cause: 'media-fault', deadlineMs: NEVER };
    }
    this.#finish(null);
  }

  #roomLost(roomId: string, nowMs: MonotonicMs): void {
    if (this.#state.state !== 'room' || this.#state.roomId !== roomId) return;
    this.#release('media-fault', nowMs);
  }

  #leaveRoom(cause: ReleaseCause): void {
    if (this.#state.state !== 'room') return;
    const how = leavingBy(cause);
    this.#out.push({ type: 'leave-room', roomId: this.#state.roomId, how });
  }

  #sip(event: CallSipEvent, nowMs: MonotonicMs): void {
    switch (event.type) {
      case 'cancelled':
        this.#signalling.lost('refused');
        return this.#release('cancelled', nowMs);
      case 'ended':
        this.#signalling.lost('ended');
        return this.#release(DIALOG_ENDS[event.by], nowMs);
      case 'established':
        return this.#established(event.answer, nowMs);
      case 'reoffer':
        this.#out.push(...this.#signalling.reoffer(event.offer));
        return;
      case 'renegotiated':
        this.#out.push(...(this.#signalling.accept(event.answer) ?? []));
        return;
      case 'info-key':
        return this.#key({ key: event.key, method: 'info', heldMs: event.durationMs }, nowMs);
      case 'offer-refused':
      case 'progress':
      case 'accepted':
      case 'refused':
        // A refused offer leaves the session as it was. The others are of calls that we make; this one came in.
        return;
      default:
        return assertNever(event);
    }
  }

  /** Within a call an answer that will not do leaves the session as it was; at its beginning there is none to leave. */
  #established(answer: string | null, nowMs: MonotonicMs): void {
    const accepted = answer === null ? [] : this.#signalling.accept(answer);
    this.#out.push(...(accepted ?? []));
    if (this.#state.state !== 'answering') return;
    if (this.#options.session.state === 'open') return this.#release('no-common-codec', nowMs);
    this.#state = { state: 'entry' };
    this.#feedDialogue({ type: 'start', entryPoint: this.#options.entryPoint }, nowMs);
  }

  #key(told: KeyTold, nowMs: MonotonicMs): void {
    if (this.#keys.told(told, nowMs) === 'echo') return;
    const { key, method } = told;
    // The mixer sees no INFO: what a key may cut short goes on there.
    if (method === 'info') this.#out.push(...this.#speaker.key());
    this.#feedDialogue({ type: 'key', key }, nowMs);
    if (this.#state.state !== 'room') return;
    if (this.#options.dialogue.closesEntry(key, nowMs)) return;
    this.#feedMenu(this.#state, { type: 'key', key }, nowMs);
  }

  #playEnded(input: Extract<CallInput, { readonly type: 'play-ended' }>, nowMs: MonotonicMs): void {
    const { end, actions } = this.#speaker.ended(input.playId, input.outcome);
    this.#out.push(...actions);
    if (end === 'stale') return;
    if (this.#state.state === 'farewell') return this.#end(this.#state.cause, nowMs);
    if (end !== 'all-said') return;
    if (this.#state.state === 'entry') this.#feedDialogue({ type: 'said' }, nowMs);
    else if (this.#state.state === 'room') this.#feedMenu(this.#state, { type: 'said' }, nowMs);
  }

  #timeout(nowMs: MonotonicMs): void {
    switch (this.#state.state) {
      case 'entry':
        return this.#feedDialogue({ type: 'timeout' }, nowMs);
      case 'room':
        return this.#feedMenu(this.#state, { type: 'timeout' }, nowMs);
      case 'ringing':
        return this.#answer();
      case 'farewell':
        return this.#end(this.#state.cause, nowMs);
      case 'closing':
        return this.#finish(null);
      default:
        return;
    }
  }

  #feedDialogue(input: EntryInput | Timeout, nowMs: MonotonicMs): void {
    if (!isBeforeRoom(this.#state)) return;
    for (const action of this.#options.dialogue.handle(input, nowMs)) {
      this.#perform(action, nowMs);
    }
  }

  #perform(action: EntryAction, nowMs: MonotonicMs): void {
    const { legId } = this.#options;
    switch (action.type) {
      case 'say':
        return this.#say(action.utterances, action.interruptible);
      case 'stop-saying':
        return this.#stopSaying();
      case 'music':
        this.#out.push({
          type: 'media',
          command: { type: 'set-music', legId, music: action.music },
        });
        return;
      case 'enter':
        this.#entering = action;
        this.#out.push({ type: 'enter', request: action });
        return;
      case 'hang-up':
        return this.#release(ENTRY_ENDS[action.why], nowMs);
      default:
        this.#out.push({ type: 'ask', question: action });
    }
  }

  #say(utterances: readonly Utterance[], interruptible: 'by-key' | 'not-by-key'): void {
    this.#out.push(...this.#speaker.say(utterances, interruptible));
  }

  #stopSaying(): void {
    this.#out.push(...this.#speaker.stop());
  }

  #entered(nowMs: MonotonicMs): void {
    const entering = this.#entering;
    if (this.#state.state !== 'entry' || entering === null) return;
    this.#feedDialogue({ type: 'entered' }, nowMs);
    const { roomId, number } = entering.terms;
    const { role } = entering;
    this.#lastVisit = { roomId, number, role, enteredAtMs: nowMs };
    const room = { state: 'room', roomId, menu: this.#options.menuFor(role) } as const;
    this.#state = room;
    // Keys typed ahead that no question has used are meant for the room.
    for (const key of this.#options.dialogue.typedAhead) {
      this.#feedMenu(room, { type: 'key', key }, nowMs);
    }
  }

  #feedMenu(
    room: Extract<CallState, { readonly state: 'room' }>,
    input: RoomMenuInput | Timeout,
    nowMs: MonotonicMs,
  ): void {
    for (const output of room.menu.handle(input, nowMs)) {
      switch (output.type) {
        case 'act':
          this.#out.push({ type: 'room-action', roomId: room.roomId, action: output.action });
          break;
        case 'say':
          // The menu ends speech by `stop-saying`; the worker cannot tell which keys it lets pass.
          this.#say([output.utterance], 'not-by-key');
          break;
        default:
          this.#stopSaying();
      }
    }
  }

  #roomSays(utterance: Utterance): void {
    if (this.#state.state !== 'room' && this.#state.state !== 'entry') return;
    this.#out.push(...this.#speaker.sayNext(utterance));
  }

  /** The room has let go of the leg already. */
  #expelled(why: ExpelWhy, nowMs: MonotonicMs): void {
    if (this.#state.state !== 'room') return;
    this.#state = { state: 'entry' };
    this.#release(EXPEL_CAUSES[why], nowMs);
  }

  /** Ends the call for this cause: with words where there are any and somebody to hear them. */
  #release(cause: ReleaseCause, nowMs: MonotonicMs): void {
    const { state } = this.#state;
    if (state === 'closing' || state === 'over') return;
    if (state === 'farewell' && this.#signalling.dialog === 'answered' && cause !== 'shutting-down')
      return;
    this.#leaveRoom(cause);
    const { leavingFor } = this.#options.dialogue;
    // Whoever hangs up while being sent away was sent away.
    if (state === 'entry' && leavingFor !== null) return this.#end(ENTRY_ENDS[leavingFor], nowMs);
    const { utterances } = releaseVerdict(cause);
    const canHear =
      this.#options.farewell === 'spoken' &&
      this.#signalling.dialog === 'answered' &&
      (state === 'entry' || state === 'room');
    if (utterances.length === 0 || !canHear) return this.#end(cause, nowMs);
    this.#say(utterances, 'not-by-key');
    this.#state = { state: 'farewell', cause, deadlineMs: nowMs + FAREWELL_TIMEOUT_MS };
  }

  /** Ends the dialog and closes the leg; `finished` follows when the leg has given its figures. */
  #end(cause: ReleaseCause, nowMs: MonotonicMs): void {
    const decided = this.#state.state === 'farewell' ? this.#state.cause : cause;
    this.#out.push(...this.#signalling.end(decided));
    this.#out.push({
      type: 'media',
      command: { type: 'close-leg', legId: this.#options.legId },
    });
    this.#state = {
      state: 'closing',
      cause: decided,
      deadlineMs: nowMs + CLOSING_TIMEOUT_MS,
    };
  }

  #finish(statistics: LegStatistics | null): void {
    if (this.#state.state !== 'closing') return;
    this.#out.push({
      type: 'finished',
      end: {
        cause: this.#state.cause,
        answered: this.#signalling.dialog === 'refused' ? 'not-answered' : 'answered',
        visit: this.#lastVisit,
        codec: statistics === null ? null : this.#options.session.media.codec,
        statistics:
          statistics === null
            ? null
            : { ...statistics, dtmfMethod: this.#keys.method ?? statistics.dtmfMethod },
      },
    });
    this.#state = { state: 'over' };
  }
}
