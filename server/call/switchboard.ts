import { assertNever } from '../../mixer/protocol/coded-error.ts';
import type { LegId } from '../../mixer/protocol/mixer-command.ts';
import type { Config, TrunkSettings } from '../config/config.ts';
import { createEntryDialogue } from '../ivr/entry-dialogue.ts';
import { createRoomMenu } from '../ivr/room-menu.ts';
import type { MediaEvent, MediaPool } from '../media/media-pool.ts';
import type { CallLog, CallRecord } from '../reservation/call-record.ts';
import type { GuessEvent, GuessLimiter } from '../reservation/guess-limiter.ts';
import type { Clock } from '../runtime/clock.ts';
import { drive } from '../runtime/drive.ts';
import type { Logger } from '../runtime/logger.ts';
import { maskNumber } from '../runtime/mask.ts';
import type { Random } from '../runtime/random.ts';
import type { DialogId, InboundInvite, SipCommand, SipEvent, SipFlow } from '../sip/user-agent.ts';
import { AdmissionGate } from './admission.ts';
import type { Admission } from './admission.ts';
import type { CallAction, CallEnd } from './call-message.ts';
import { Call } from './call.ts';
import { callRecord, refusalRecord } from './call-report.ts';
import { callerOf, dialledOf } from './caller.ts';
import { entryOptions, menuSettings, roomSettings } from './dialogue-settings.ts';
import { FrontDesk } from './front-desk.ts';
import type { Now } from './front-desk.ts';
import type { LiveCall } from './live-call.ts';
import { LiveRooms } from './live-rooms.ts';
import { reasonOf, releaseVerdict } from './release-cause.ts';
import type { ReleaseCause } from './release-cause.ts';
import type { RoomDirectory } from './room-directory.ts';
import { Session } from './session.ts';
import { TrunkTable } from './trunk-table.ts';

/** What the switchboard works with. */
export interface SwitchboardOptions {
  readonly config: Config;
  readonly directory: RoomDirectory;
  readonly guesses: GuessLimiter;
  readonly callLog: CallLog;
  readonly media: MediaPool;
  readonly sip: (command: SipCommand) => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** PINs of the room of this number are being guessed: its organiser may want to know. */
  readonly onGuessing: (number: string) => void;
  /** The local literal address that a peer reaches us by. */
  readonly localHostFor: (flow: SipFlow) => string;
}

/** A call that is refused before anything was made for it. */
interface Refusal {
  readonly dialogId: DialogId;
  readonly invite: InboundInvite;
  readonly trunk: TrunkSettings | null;
  readonly cause: ReleaseCause;
  readonly retryAfterS: number | null;
}

/** Where signalling, media, rooms and reservations meet: every event finds its call here, every wish its doer. */
export class Switchboard {
  readonly #options: SwitchboardOptions;
  readonly #gate: AdmissionGate;
  readonly #desk: FrontDesk;
  readonly #rooms: LiveRooms;
  readonly #byDialog = new Map<DialogId, LiveCall>();
  readonly #byLeg = new Map<LegId, LiveCall>();
  #config: Config;
  #trunks: TrunkTable;
  /** Hosts that no trunk of the settings has any more, while calls with them go on. */
  #formerHosts: ReadonlySet<string> = new Set();
  #stopping: 'no' | 'stopping' = 'no';
  #whenEmpty: () => void = () => undefined;

  constructor(options: SwitchboardOptions) {
    const { config, directory, guesses } = options;
    this.#options = options;
    this.#config = config;
    this.#trunks = new TrunkTable(config.trunks);
    this.#gate = new AdmissionGate(config);
    this.#desk = new FrontDesk({ directory, guesses, report: (event) => this.#reportGuess(event) });
    this.#rooms = new LiveRooms({
      directory,
      media: options.media,
      clock: options.clock,
      log: options.log,
      settings: () => roomSettings(this.#config),
      language: () => this.#config.prompts.language,
      tell: (participantId, news) => this.#byLeg.get(participantId)?.core.feed(news),
    });
  }

  /** Whether SIP requests from this address are listened to. */
  isTrusted(host: string): boolean {
    return this.#trunks.trunkOf(host) !== null || this.#formerHosts.has(host);
  }

  /** Calls that are not over. */
  get calls(): number {
    return this.#byDialog.size;
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

  /** Every trunk of the settings with its calls now. */
  trunkLoads(): readonly { readonly trunk: TrunkSettings; readonly calls: number }[] {
    return this.#config.trunks.map((trunk) => ({ trunk, calls: this.#gate.callsOf(trunk.name) }));
  }

  /** New settings for whatever comes from here on; calls that stand are not touched. */
  reload(config: Config): void {
    this.#config = config;
    this.#trunks = new TrunkTable(config.trunks);
    this.#formerHosts = this.#hostsOffTrunk();
    this.#gate.reload(config);
    this.#options.directory.reload(config);
    this.#rooms.refresh();
  }

  /** Looks the terms of live rooms up again. */
  refreshRooms(): void {
    this.#rooms.refresh();
  }

  /** An event of the SIP stack. */
  sipEvent(event: SipEvent): void {
    if (event.type === 'invite') return this.#invite(event.dialogId, event.invite);
    this.#byDialog.get(event.dialogId)?.core.feed({ type: 'sip', event });
  }

  /** An event of the media workers. */
  mediaEvent(event: MediaEvent): void {
    switch (event.type) {
      case 'room-lost':
        return this.#roomLost(event.roomId);
      case 'levels':
        // Nobody watches yet: the panel's live view is where levels will go.
        return;
      case 'leg-opened':
      case 'leg-failed':
      case 'leg-closed':
      case 'leg-lost':
      case 'leg-silent':
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
    for (const call of [...this.#byDialog.values()]) {
      call.core.feed({ type: 'release', cause: 'shutting-down' });
    }
    if (this.#byDialog.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#whenEmpty = resolve;
    });
  }

  /** Their calls must still be heard, or a caller could not even hang up. */
  #hostsOffTrunk(): ReadonlySet<string> {
    const hosts = [...this.#byDialog.values()].map((call) => call.invite.flow.remoteHost);
    return new Set(hosts.filter((host) => this.#trunks.trunkOf(host) === null));
  }

  /** Legs that lay on the room's worker are lost themselves; one that was being handed over to it is told by this. */
  #roomLost(roomId: string): void {
    this.#rooms.lost(roomId);
    for (const call of [...this.#byDialog.values()]) {
      call.core.feed({ type: 'room-lost', roomId });
    }
  }

  #legEvent(event: Exclude<MediaEvent, { readonly type: 'room-lost' | 'levels' }>): void {
    if (event.legId === null) return;
    const core = this.#byLeg.get(event.legId)?.core;
    if (event.type === 'dtmf') core?.feed({ type: 'key', key: event.key, method: event.method });
    else core?.feed(event);
  }

  #invite(dialogId: DialogId, invite: InboundInvite): void {
    const { clock, log } = this.#options;
    const trunk = this.#trunks.trunkOf(invite.flow.remoteHost);
    if (this.#stopping === 'stopping') {
      return this.#refuse({ dialogId, invite, trunk, cause: 'shutting-down', retryAfterS: null });
    }
    const admission = this.#gate.admit(invite, trunk, clock.monotonicMs());
    if (admission.outcome === 'refused') {
      const { cause, retryAfterS } = admission;
      return this.#refuse({ dialogId, invite, trunk, cause, retryAfterS });
    }
    const call = this.#open(dialogId, invite, admission);
    log.info('call came in', { ...this.#facts(invite, trunk), dialogId });
    call.core.feed({ type: 'begin' });
  }

  #open(
    dialogId: DialogId,
    invite: InboundInvite,
    admission: Extract<Admission, { readonly outcome: 'admitted' }>,
  ): LiveCall {
    const { clock, random, localHostFor } = this.#options;
    const legId = `leg-${random.hex(8)}`;
    const localHost = localHostFor(invite.flow);
    const advertisedHost = this.#advertised(localHost);
    const config = this.#config;
    const core = new Call({
      dialogId,
      legId,
      offer: invite.offer,
      session: new Session({
        codecs: admission.trunk.codecs,
        advertisedHost,
        peerHost: invite.flow.remoteHost,
        sessionId: String(random.integer(2 ** 47)),
      }),
      entryPoint: admission.entryPoint,
      language: config.prompts.language,
      wallclockMs: () => clock.wallclockMs(),
      localHost: advertisedHost,
      dialogue: createEntryDialogue(entryOptions(config)),
      menuFor: (role) => createRoomMenu({ role, ...menuSettings(config) }),
    });
    const call: LiveCall = {
      dialogId,
      legId,
      invite,
      admission,
      localHost,
      startedAtMs: clock.monotonicMs(),
      answeredAtMs: null,
      madeRoomId: null,
      core: drive(core, clock, (action) => this.#perform(call, action)),
    };
    this.#byDialog.set(dialogId, call);
    this.#byLeg.set(legId, call);
    return call;
  }

  #advertised(localHost: string): string {
    const { externalAddress } = this.#config.sip;
    return externalAddress === 'auto' ? localHost : externalAddress;
  }

  #perform(call: LiveCall, action: CallAction): void {
    const { sip, media, clock } = this.#options;
    const { legId } = call;
    switch (action.type) {
      case 'sip':
        return sip(action.command);
      case 'open-leg':
        return media.openLeg({ legId, host: call.localHost, media: action.media });
      case 'media':
        return media.command(action.command);
      case 'ask':
        return this.#ask(call, action);
      case 'enter':
        return this.#rooms.enter(legId, legId, action.request);
      case 'room-action':
        return this.#rooms.act(action.roomId, legId, action.action);
      case 'leave-room':
        return this.#rooms.leave(action.roomId, legId);
      case 'answered':
        call.answeredAtMs = clock.monotonicMs();
        return;
      case 'finished':
        return this.#finish(call, action.end);
      default:
        return assertNever(action);
    }
  }

  #ask(call: LiveCall, action: Extract<CallAction, { readonly type: 'ask' }>): void {
    const { invite, admission } = call;
    const enquirer = {
      caller: callerOf(invite),
      address: invite.flow.remoteHost,
      entryPoint: admission.entryPoint,
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
    const { log, directory } = this.#options;
    call.core.stop();
    this.#byDialog.delete(call.dialogId);
    this.#byLeg.delete(call.legId);
    this.#gate.left(call.admission.trunk.name);
    if (this.#formerHosts.size > 0) this.#formerHosts = this.#hostsOffTrunk();
    const { madeRoomId } = call;
    if (madeRoomId !== null) {
      directory.forget(madeRoomId);
      // Somebody came in before its maker, who never did: the room ends all the same.
      if (this.#rooms.has(madeRoomId)) this.#rooms.refresh();
    }
    const record = callRecord(call, end, this.#now());
    log.info('call ended', {
      ...this.#facts(call.invite, call.admission.trunk),
      dialogId: call.dialogId,
      cause: end.cause,
      room: record.room,
      packetsLost: record.packetsLost,
    });
    this.#keep(record);
    if (this.#byDialog.size === 0) this.#whenEmpty();
  }

  #refuse(refused: Refusal): void {
    const { dialogId, invite, trunk, cause, retryAfterS } = refused;
    const { status } = releaseVerdict(cause);
    this.#options.log.info('call refused', { ...this.#facts(invite, trunk), cause });
    this.#options.sip({ type: 'reject', dialogId, status, retryAfterS, reason: reasonOf(cause) });
    this.#keep(refusalRecord({ dialogId, invite, trunk: trunk?.name ?? '', cause }, this.#now()));
  }

  #keep(record: CallRecord): void {
    const { callLog, log } = this.#options;
    try {
      callLog.add(record);
    } catch (error) {
      log.error('call record not kept', { dialogId: record.callId, error: String(error) });
    }
  }

  #reportGuess(event: GuessEvent): void {
    const { log } = this.#options;
    if (event.type === 'room-guessed') {
      log.warn('PINs of a room are being guessed', {
        room: event.number,
        wrong: event.wrongPins,
      });
      this.#options.onGuessing(event.number);
    } else {
      log.warn('caller refused after wrong PINs', {
        caller: maskNumber(event.key.caller ?? ''),
        address: event.key.address,
        refusedForMs: event.refusedForMs,
      });
    }
  }

  #now(): Now {
    const { clock } = this.#options;
    return { wallclockMs: clock.wallclockMs(), monotonicMs: clock.monotonicMs() };
  }

  #facts(invite: InboundInvite, trunk: TrunkSettings | null): Record<string, string> {
    return {
      trunk: trunk?.name ?? '',
      caller: maskNumber(invite.fromUser),
      called: dialledOf(invite),
    };
  }
}
