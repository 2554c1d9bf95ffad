import * as assert from 'uvu/assert';

import type { DtmfKey } from '../../../mixer/protocol/dtmf.ts';
import { Switchboard } from '../../../server/call/switchboard.ts';
import { RoomDirectory } from '../../../server/call/room-directory.ts';
import type { ReservationLookup } from '../../../server/call/room-directory.ts';
import { parseConfig } from '../../../server/config/config.ts';
import type { LiveViewer } from '../../../server/guest/live-watch.ts';
import type { SeatOutcome, WhenFull } from '../../../server/guest/seat.ts';
import type { LiveAction, LiveServerMessage } from '../../../server/panel/api/live-api.ts';
import type { CallRecord } from '../../../server/reservation/call-record.ts';
import { createGuessLimiter } from '../../../server/reservation/guess-limiter.ts';
import type { Role } from '../../../server/reservation/reservation.ts';
import type { Logger } from '../../../server/runtime/logger.ts';
import { systemRandom } from '../../../server/runtime/random.ts';
import type { InboundInvite, DialogCommand } from '../../../server/sip/user-agent.ts';
import { SimClock } from '../../support/sim-clock.ts';
import { CHROME_OFFER } from '../sdp/offers.ts';
import { OFFER } from './call-bench.ts';
import { FakePool } from './fake-pool.ts';
import { LivePage } from './live-page.ts';

/** The room that everything happens in. */
export const ROOM = { number: '77777', pin: '24680', adminPin: '9753124' } as const;
const ROOM_ID = `permanent-${ROOM.number}`;
const LINK_ID = 'link-1';
/** Sunday noon in Warsaw. */
const START_MS = Date.UTC(2026, 2, 1, 11);

/** A call as its peer meets it. */
export interface Peer {
  readonly dialogId: string;
  /** What the server did with the call, in its words. */
  readonly sip: readonly DialogCommand[];
}

const NO_RESERVATIONS: ReservationLookup = {
  findByNumber: () => null,
  byId: () => null,
  isNumberTaken: () => false,
  extend: () => {
    throw new Error('nobody extends here');
  },
};

/** A switchboard with fake media and SIP, for browsers and phones in one room. */
export class GuestWorld {
  readonly clock = new SimClock(START_MS);
  readonly pool: FakePool;
  readonly switchboard: Switchboard;
  readonly records: CallRecord[] = [];
  /** What the guard is told. */
  readonly offences: string[] = [];
  /** The link that seats are given for. */
  link: 'stands' | 'revoked' = 'stands';
  readonly #sip = new Map<string, DialogCommand[]>();
  #dialogs = 0;

  constructor(settings: Readonly<Record<string, unknown>> = {}) {
    const config = parseConfig({ permanentRooms: [ROOM], ...settings });
    this.pool = new FakePool(this.clock, (event) => this.switchboard.mediaEvent(event));
    this.switchboard = new Switchboard({
      config,
      directory: new RoomDirectory({
        config,
        reservations: NO_RESERVATIONS,
        random: systemRandom,
      }),
      guesses: createGuessLimiter(),
      callLog: {
        add: (record) => this.records.push(record),
        list: () => this.records,
        ofRoom: () => [],
      },
      media: this.pool,
      sip: (command) => this.#command(command),
      clock: this.clock,
      random: systemRandom,
      log: silentLogger(),
      onGuessing: () => undefined,
      onOffence: (flow, offence) => this.offences.push(`${flow.remoteHost} ${offence}`),
      linkStands: (linkId) => linkId === LINK_ID && this.link === 'stands',
      localHostFor: () => '127.0.0.1',
    });
  }

  run(durationMs: number): Promise<void> {
    return this.clock.advance(durationMs);
  }

  /** Takes a seat by the room's link. */
  askForSeat(name: string, role: Role = 'participant'): SeatOutcome {
    const wish = { name, language: 'en', address: '192.0.2.50' } as const;
    return this.switchboard.guests.seat({ ...wish, roomId: ROOM_ID, role }, LINK_ID);
  }

  /** Takes a seat, or fails. */
  credential(name: string, role: Role = 'participant'): string {
    const outcome = this.askForSeat(name, role);
    if (outcome.outcome === 'refused') throw new Error(outcome.why);
    return outcome.credential;
  }

  /** Takes a seat by PIN, for Ewa, or fails. */
  credentialByPin(pin: string, whenFull: WhenFull = 'refuse'): string {
    const wish = { name: 'Ewa', language: 'en', address: '192.0.2.50', whenFull } as const;
    const outcome = this.switchboard.guests.seatByPin({ ...wish, number: ROOM.number, pin });
    if (outcome.outcome === 'refused') throw new Error(outcome.why);
    return outcome.credential;
  }

  /** A browser calls. */
  callByBrowser(
    bearer: string | null,
    call: { readonly number?: string; readonly host?: string; readonly offer?: string } = {},
  ): Peer {
    return this.#invite({
      ...INVITE,
      calledUser: call.number ?? ROOM.number,
      bearer,
      offer: call.offer ?? CHROME_OFFER,
      flow: flowOf('wss', call.host ?? '192.0.2.50'),
    });
  }

  /** A browser calls and is in the room. */
  async enter(credential: string): Promise<Peer> {
    const peer = this.callByBrowser(credential);
    await this.run(10);
    assert.is(peer.sip[0]?.type, 'answer', 'the guest is let in');
    return peer;
  }

  /** A phone calls and keys its way into the room. */
  async phone(number: string, pin: string = ROOM.pin): Promise<Peer> {
    const peer = this.#invite({
      ...INVITE,
      calledUser: '908',
      fromUser: number,
      offer: OFFER,
      flow: flowOf('udp', '127.0.0.1'),
    });
    await this.run(10);
    this.press(peer, `1${ROOM.number}${pin}${pin.length === 5 ? '#' : ''}`);
    await this.run(500);
    return peer;
  }

  press(peer: Peer, keys: string): void {
    const legId = this.legOf(peer);
    for (const key of keys) {
      const method = 'rfc4733';
      this.switchboard.mediaEvent({ type: 'dtmf', legId, key: keyOf(key), method });
    }
  }

  /** The leg that was opened for a call; each call opens one, in the order in which they came. */
  legOf(peer: Peer): string {
    const legId = this.#legs.get(peer.dialogId);
    if (legId === undefined) throw new Error('the call has no leg');
    return legId;
  }

  readonly #legs = new Map<string, string>();

  /** A page that watches the room. */
  watch(credential: string): LivePage {
    const page = new LivePage();
    const viewer = this.switchboard.live.watch(credential, (message: LiveServerMessage) =>
      page.take(message),
    );
    if (viewer === null) throw new Error('no such seat');
    page.viewer = viewer;
    return page;
  }

  /** What has been commanded of the media since the last time this was asked, in its words. */
  takeLines(): readonly string[] {
    return this.pool.lines.splice(0);
  }

  ended(peer: Peer, by: 'peer' | 'transport' = 'peer'): void {
    this.switchboard.sipEvent({ type: 'ended', dialogId: peer.dialogId, by });
  }

  /** The text of the Reason with which the server ended or refused a call. */
  reason(peer: Peer): string | undefined {
    const last = peer.sip.at(-1);
    return last?.type === 'hang-up' || last?.type === 'reject' ? last.reason?.text : undefined;
  }

  #invite(invite: InboundInvite): Peer {
    this.#dialogs += 1;
    const dialogId = `dialog-${this.#dialogs}`;
    const sip: DialogCommand[] = [];
    this.#sip.set(dialogId, sip);
    const before = new Set(this.pool.legs.keys());
    this.switchboard.sipEvent({ type: 'invite', dialogId, invite });
    const legId = [...this.pool.legs.keys()].find((leg) => !before.has(leg));
    if (legId !== undefined) this.#legs.set(dialogId, legId);
    return { dialogId, sip };
  }

  #command(command: DialogCommand): void {
    const { dialogId } = command;
    const sip = this.#sip.get(dialogId);
    sip?.push(command);
    const isFirst = sip?.filter(({ type }) => type === 'answer').length === 1;
    if (command.type !== 'answer' || !isFirst) return;
    this.clock.schedule(this.clock.monotonicMs() + 1, () => {
      this.switchboard.sipEvent({ type: 'established', dialogId, answer: null });
    });
  }
}

/** A click, and what the page is answered. */
export function click(page: LivePage, action: LiveAction): string {
  const viewer: LiveViewer | null = page.viewer;
  viewer?.receive({ type: 'act', requestId: 5, action });
  return page.answers.at(-1) ?? 'not answered';
}

const INVITE = {
  callIdHeader: 'call',
  fromUser: 'anonymous',
  fromDisplayName: '',
  assertedUser: null,
  privacy: 'none',
  calledParties: [],
  diversions: [],
  userAgent: '',
} as const;

function flowOf(transport: 'wss' | 'udp', remoteHost: string): InboundInvite['flow'] {
  return { transport, flowId: 'flow', remoteHost, remotePort: 5060, localPort: 5060 };
}

function keyOf(text: string): DtmfKey {
  const keys: readonly DtmfKey[] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '#'];
  const key = keys.find((each) => each === text);
  if (key === undefined) throw new Error(`${text} is no key`);
  return key;
}

function silentLogger(): Logger {
  const ignore = (): void => undefined;
  const logger: Logger = {
    error: ignore,
    warn: ignore,
    info: ignore,
    debug: ignore,
    child: () => logger,
    setLevel: ignore,
    reopen: ignore,
    close: ignore,
  };
  return logger;
}
