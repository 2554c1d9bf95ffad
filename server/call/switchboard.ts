import { assertNever } from '../../mixer/protocol/coded-error.ts';
import { createAddressBook } from '../address/address-book.ts';
import type { AddressBook } from '../address/address-book.ts';
import type { Config, TrunkSettings } from '../config/config.ts';
import type { LiveWatch } from '../guest/live-watch.ts';
import type { GuestEntrance, SeatId } from '../guest/seat.ts';
import type { MediaEvent } from '../media/media-pool.ts';
import { drive } from '../runtime/drive.ts';
import type { DialogEvent, DialogId, InboundInvite } from '../sip/user-agent.ts';
import { AdmissionGate, RETRY_AFTER_S } from './admission.ts';
import { makeCall } from './call-factory.ts';
import { CallJournal } from './call-journal.ts';
import type { CallAction, CallEnd } from './call-message.ts';
import type { RefusedCall } from './call-report.ts';
import { EXPEL_CAUSES } from './call-ends.ts';
import { CallTable } from './call-table.ts';
import { identify, isByBrowser } from './caller.ts';
import { roomSettings } from './dialogue-settings.ts';
import { FrontDesk } from './front-desk.ts';
import type { Now } from './front-desk.ts';
import type { GuestAdmission } from './guest-desk.ts';
import { GuestSide } from './guest-side.ts';
import { entrantOf, entryPointOf, openLeg, phoneHosts } from './live-call.ts';
import type { CallOrigin, LiveCall } from './live-call.ts';
import { KnownTrunks } from './known-trunks.ts';
import { legInput } from './leg-input.ts';
import { LiveRooms } from './live-rooms.ts';
import type { LegNews, RoomNews } from './live-rooms.ts';
import { reasonOf, releaseVerdict } from './release-cause.ts';
import type { ReleaseCause } from './release-cause.ts';
import type { SwitchboardOptions } from './switchboard-options.ts';

/** A call that is refused before anything was made for it. */
interface Refusal extends RefusedCall {
  readonly retryAfterS: number | null;
}

/** Where signalling, media, rooms and reservations meet: every event finds its call here, every wish its doer. */
export class Switchboard {
  readonly #options: SwitchboardOptions;
  readonly #gate: AdmissionGate;
  readonly #desk: FrontDesk;
  readonly #rooms: LiveRooms;
  readonly #guests: GuestSide;
  readonly #journal: CallJournal;
  readonly #calls = new CallTable();
  readonly #trunks: KnownTrunks;
  readonly #addresses: AddressBook;
  #config: Config;
  #stopping: 'no' | 'stopping' = 'no';
  #whenEmpty: () => void = () => undefined;

  constructor(options: SwitchboardOptions) {
    const { config, directory, guesses, media, clock, random, log } = options;
    const { callLog, onGuessing, linkStands, onOffence = () => undefined } = options;
    const now = (): Now => this.#now();
    this.#options = options;
    this.#config = config;
    this.#trunks = new KnownTrunks(config.trunks, () => phoneHosts(this.#calls.all));
    this.#addresses = options.addresses ?? createAddressBook({ config, stun: null });
    this.#gate = new AdmissionGate(config);
    this.#journal = new CallJournal({ callLog, log, now, onGuessing, onOffence });
    this.#desk = new FrontDesk({
      directory,
      guesses,
      report: (event) => this.#journal.guessed(event),
    });
    this.#rooms = new LiveRooms({
      directory,
      media,
      clock,
      log,
      settings: () => roomSettings(this.#config),
      language: () => this.#config.prompts.language,
      tell: (participantId, news) => this.#tell(participantId, news),
      tellLeg: (legId, participantId, news) => this.#tellLeg(legId, participantId, news),
      changed: (roomId, view) => this.#guests.changed(roomId, view),
      clicked: (clickId, outcome) => this.#guests.clicked(clickId, outcome),
    });
    this.#guests = new GuestSide({
      config: () => this.#config,
      ...{ directory, linkStands, random, log, now },
      desk: this.#desk,
      rooms: this.#rooms,
      isReady: () => media.fingerprint !== null,
      isStopping: () => this.#stopping === 'stopping',
      hasCall: (seatId) => this.#calls.ofSeat(seatId).length > 0,
      hangUp: (seatId) => this.#hangUp(seatId, 'caller-hung-up'),
    });
  }

  /** Whether SIP requests from this address are listened to. */
  isTrusted(host: string): boolean {
    return this.#trunks.isTrusted(host);
  }

  /** The trunk of a source address, or null for a stranger. */
  trunkOf(host: string): TrunkSettings | null {
    return this.#trunks.trunkOf(host);
  }

  /** Where the panel asks for guests' seats. */
  get guests(): GuestEntrance {
    return this.#guests.entrance;
  }

  /** Where the panel gets live feeds of rooms. */
  get live(): LiveWatch {
    return this.#guests.live;
  }

  /** Calls that are not over. */
  get calls(): number {
    return this.#calls.size;
  }

  /** Rooms with people in them. */
  get rooms(): number {
    return this.#rooms.count;
  }

  /** People in all rooms together. */
  get people(): number {
    return this.#rooms.everybody;
  }

  /** People in the room of this id. */
  peopleIn(roomId: string): number {
    return this.#rooms.people(roomId);
  }

  /** Whether a moderator has locked the room of this id. */
  lockOf(roomId: string): 'open' | 'locked' {
    return this.#rooms.lockOf(roomId);
  }

  /** Every trunk of the settings with its calls now. */
  trunkLoads(): readonly { readonly trunk: TrunkSettings; readonly calls: number }[] {
    return this.#config.trunks.map((trunk) => ({ trunk, calls: this.#gate.callsOf(trunk.name) }));
  }

  /** New settings for whatever comes from here on; calls that stand are not touched. */
  reload(config: Config): void {
    this.#config = config;
    this.#trunks.reload(config.trunks);
    this.#gate.reload(config);
    this.#options.directory.reload(config);
    this.refreshRooms();
  }

  /** What the hosts and registrars of trunks resolve to now: literal address → name of the trunk. */
  learn(addresses: ReadonlyMap<string, string>): void {
    this.#trunks.learn(addresses);
  }

  /** Looks the terms of rooms up again: of those with people in them, and of those that are waited for. */
  refreshRooms(): void {
    this.#rooms.refresh();
    this.#guests.refresh();
  }

  /** What the SIP stack tells of a dialog. */
  sipEvent(event: DialogEvent): void {
    if (event.type === 'invite') return this.#invite(event.dialogId, event.invite);
    this.#calls.byDialog(event.dialogId)?.core.feed({ type: 'sip', event });
  }

  /** An event of the media workers. */
  mediaEvent(event: MediaEvent): void {
    switch (event.type) {
      case 'room-lost':
        return this.#roomLost(event.roomId);
      case 'levels':
        return this.#guests.levels(event);
      case 'leg-opened':
      case 'leg-insecure':
      case 'leg-failed':
      case 'leg-closed':
      case 'leg-lost':
      case 'leg-silent':
      case 'leg-unheard':
      case 'dtmf':
      case 'play-ended':
        return this.#legEvent(event);
      default:
        return assertNever(event);
    }
  }

  /** Ends every call with BYE and takes no more. Resolves when all are over. */
  async stop(): Promise<void> {
    this.#stopping = 'stopping';
    this.#guests.stop();
    for (const call of this.#calls.all) {
      call.core.feed({ type: 'release', cause: 'shutting-down' });
    }
    if (this.#calls.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#whenEmpty = resolve;
    });
  }

  /** Legs that lay on the room's worker are lost themselves; one that was being handed over to it is told by this. */
  #roomLost(roomId: string): void {
    this.#rooms.lost(roomId);
    for (const call of this.#calls.all) call.core.feed({ type: 'room-lost', roomId });
  }

  #legEvent(event: Exclude<MediaEvent, { readonly type: 'room-lost' | 'levels' }>): void {
    const call = event.legId === null ? undefined : this.#calls.byLeg(event.legId);
    if (call === undefined) return;
    const input = legInput(event, call, { book: this.#addresses, log: this.#options.log });
    if (input !== null) call.core.feed(input);
  }

  #invite(dialogId: DialogId, invite: InboundInvite): void {
    const byBrowser = isByBrowser(invite);
    const trunk = byBrowser ? null : this.#trunkOfCall(invite);
    const refusal = { dialogId, invite, trunk: trunk?.name ?? '', seat: null };
    if (this.#stopping === 'stopping') {
      const { countryCode } = this.#config.numbers;
      const caller = trunk === null ? null : identify(invite, trunk, countryCode);
      return this.#refuse({ ...refusal, caller, cause: 'shutting-down', retryAfterS: null });
    }
    if (byBrowser) return this.#inviteOfGuest(dialogId, invite);
    const admission = this.#gate.admit(invite, trunk, this.#options.clock.monotonicMs());
    if (admission.outcome === 'refused') {
      const { cause, retryAfterS, caller } = admission;
      return this.#refuse({ ...refusal, caller, cause, retryAfterS });
    }
    this.#open(dialogId, invite, { via: 'phone', admission });
  }

  #trunkOfCall({ flow, calledUser }: InboundInvite): TrunkSettings | null {
    const { trunkOfContact = () => null } = this.#options;
    return this.#trunks.trunkOfCall(flow.remoteHost, () => trunkOfContact(calledUser));
  }

  #inviteOfGuest(dialogId: DialogId, invite: InboundInvite): void {
    const judged = this.#guests.admit(invite);
    const admission = judged.outcome === 'admitted' ? this.#counted(judged) : judged;
    if (admission.outcome === 'refused') {
      const { cause, seat } = admission;
      const retryAfterS = releaseVerdict(cause).status === 503 ? RETRY_AFTER_S : null;
      return this.#refuse({
        ...{ dialogId, invite, trunk: '', caller: null },
        ...{ seat, cause, retryAfterS },
      });
    }
    const { seat } = admission;
    // One that is inside goes on until this one is: nothing that is said is lost to a guest who changes networks.
    for (const former of this.#calls.ofSeat(seat.seatId)) {
      if (this.#calls.inside(seat.seatId) === former) continue;
      former.core.feed({ type: 'release', cause: 'taken-over' });
    }
    this.#open(dialogId, invite, { via: 'browser', seat });
  }

  #counted(admission: Extract<GuestAdmission, { readonly outcome: 'admitted' }>): GuestAdmission {
    const { seat } = admission;
    if (this.#gate.admitGuest() === 'admitted') return admission;
    return { outcome: 'refused', seat, cause: 'too-many-calls' };
  }

  #open(dialogId: DialogId, invite: InboundInvite, origin: CallOrigin): void {
    const { clock, random, localHostFor } = this.#options;
    const legId = `leg-${random.hex(8)}`;
    const localHost = localHostFor(invite.flow);
    const core = makeCall({ dialogId, legId, invite, origin, localHost }, this.#config, {
      ...this.#options,
      addresses: this.#addresses,
    });
    const call: LiveCall = {
      dialogId,
      legId,
      participantId: origin.via === 'phone' ? legId : origin.seat.seatId,
      invite,
      origin,
      localHost,
      startedAtMs: clock.monotonicMs(),
      answeredAtMs: null,
      madeRoomId: null,
      core: drive(core, clock, (action) => this.#perform(call, action)),
    };
    this.#calls.add(call);
    this.#journal.cameIn(call);
    call.core.feed({ type: 'begin' });
  }

  #perform(call: LiveCall, action: CallAction): void {
    const { sip, media, clock } = this.#options;
    const { participantId } = call;
    switch (action.type) {
      case 'sip':
        return sip(action.command);
      case 'open-leg':
        return openLeg(call, action.media, media);
      case 'media':
        return media.command(action.command);
      case 'ask':
        return this.#ask(call, action);
      case 'enter':
        return this.#rooms.enter(entrantOf(call, this.#config.numbers.countryCode), action.request);
      case 'room-action': {
        const said = { by: 'key' } as const;
        return this.#rooms.act(action.roomId, { participantId, action: action.action, said });
      }
      case 'leave-room':
        return this.#leaveRoom(call, action);
      case 'answered':
        call.answeredAtMs = clock.monotonicMs();
        return;
      case 'finished':
        return this.#finish(call, action.end);
      default:
        return assertNever(action);
    }
  }

  #leaveRoom(
    { participantId, legId }: LiveCall,
    { roomId, how }: Extract<CallAction, { readonly type: 'leave-room' }>,
  ): void {
    if (how === 'lost') this.#rooms.away(roomId, participantId, legId);
    else this.#rooms.leave(roomId, participantId, legId);
  }

  #tell(participantId: string, news: RoomNews): void {
    this.#calls.inside(participantId)?.core.feed(news);
    if (news.type !== 'expelled') return;
    this.#guests.expelled(participantId, news.why);
    this.#hangUp(participantId, EXPEL_CAUSES[news.why]);
  }

  #tellLeg(legId: string, participantId: string | null, news: LegNews): void {
    const call = this.#calls.byLeg(legId);
    if (call !== undefined && participantId !== null) this.#calls.enter(call);
    if (news.type !== 'taken-over') call?.core.feed(news);
    else call?.core.feed({ type: 'release', cause: 'taken-over' });
  }

  /** Also a call that was on its way in, after a connection that was lost. */
  #hangUp(seatId: SeatId, cause: ReleaseCause): void {
    for (const call of this.#calls.ofSeat(seatId)) call.core.feed({ type: 'release', cause });
  }

  #ask(call: LiveCall, action: Extract<CallAction, { readonly type: 'ask' }>): void {
    const { invite, origin } = call;
    const enquirer = {
      caller: origin.via === 'phone' ? origin.admission.caller.number : null,
      address: invite.flow.remoteHost,
      entryPoint: entryPointOf(origin),
    };
    try {
      const input = this.#desk.answer(action.question, enquirer, this.#now());
      if (input.type === 'room-made') call.madeRoomId = input.terms.roomId;
      call.core.feed({ type: 'entry', input });
    } catch (error) {
      // A database that fails costs this caller the call, and nobody else theirs.
      this.#options.log.error('caller not answered', {
        dialogId: call.dialogId,
        question: action.question.type,
        error: String(error),
      });
      call.core.feed({ type: 'release', cause: 'internal-fault' });
    }
  }

  #finish(call: LiveCall, end: CallEnd): void {
    const { directory } = this.#options;
    call.core.stop();
    this.#calls.remove(call);
    if (call.origin.via === 'phone') this.#gate.left(call.origin.admission.trunk.name);
    else this.#gate.guestLeft();
    this.#trunks.callEnded();
    const { madeRoomId } = call;
    if (madeRoomId !== null) {
      directory.forget(madeRoomId);
      // Somebody came in before its maker, who never did: the room ends all the same.
      if (this.#rooms.has(madeRoomId)) this.#rooms.refresh();
    }
    this.#journal.ended(call, end);
    if (this.#calls.size === 0) this.#whenEmpty();
  }

  #refuse(refusal: Refusal): void {
    const { dialogId, cause, retryAfterS } = refusal;
    const { status } = releaseVerdict(cause);
    this.#options.sip({ type: 'reject', dialogId, status, retryAfterS, reason: reasonOf(cause) });
    this.#journal.refused(refusal);
  }

  #now(): Now {
    const { clock } = this.#options;
    return { wallclockMs: clock.wallclockMs(), monotonicMs: clock.monotonicMs() };
  }
}
