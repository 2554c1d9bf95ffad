import { setPriority } from 'node:os';
import { WebMedia } from '../tests/support/web-caller/web-media.ts';
import { pause } from './load-calls.ts';
import { BrowserLeg } from './browser-leg.ts';
import type { JoinTimes, Listening, RoomSound, RoomTalker } from './browser-leg.ts';
import { quietRoom, talkerSound } from './browser-sound.ts';
import type { TalkerSound } from './browser-sound.ts';
import { sendRegularly } from './regular-sender.ts';

// The browsers of one room, in a process of their own, so that the server's CPU time is measured alone. What they are is
// in the argument (a `RoomPlan`); each message is a `RoomAsk` and is answered with one message.

/** Whom to play. */
export interface RoomPlan {
  readonly url: string;
  readonly number: string;
  readonly pin: string;
  readonly legs: number;
  /** Numbers of the talkers: no other room has the same. */
  readonly talkers: readonly number[];
  /** Tones that must not be heard here. */
  readonly foreignTalkers: readonly number[];
  readonly joinEveryMs: number;
}

/** What the legs are told to do. */
export type RoomAsk =
  | { readonly ask: 'join' | 'measure' | 'report' | 'leave' }
  | { readonly ask: 'behave'; readonly listening: Listening; readonly talking: number };

/** What `join` is answered with. */
export interface JoinReport {
  readonly joins: readonly JoinTimes[];
  readonly failures: readonly string[];
}

/** What `report` is answered with: of all legs since `measure`. */
export interface RoomReport {
  readonly up: number;
  readonly packets: number;
  /** The least that one leg got. */
  readonly fewestPackets: number;
  readonly lost: number;
  readonly refused: number;
  readonly delaysMs: readonly number[];
  /** Furthest that a talker's tone is from its own level at those who decode (their median), dB; null: nobody talks. */
  readonly worstLevelDb: number | null;
  /** Loudest of tones that must not be there: one's own, and those of another room, against their level, dB. */
  readonly strangestDb: number;
  /** How late this process was with its own packets, ms. */
  readonly worstLateMs: number;
}

/** Legs of a room that decode what they hear, besides the talkers. */
const EARS = 4;

const plan = readPlan(process.argv[2] ?? '');
try {
  // A generator that is late sends bursts, which would read as the server's delay.
  setPriority(0, -18);
} catch {
  // Not allowed: the report says how late it was.
}
const room: RoomSound = {
  talkers: plan.talkers.map((talker) => ({
    talker,
    sound: talkerSound(talker),
    state: 'talking',
    markerSentAtMs: 0,
  })),
  quiet: quietRoom(),
  listening: 'dtx',
};
const foreign = plan.foreignTalkers.map(talkerSound);
const legs: BrowserLeg[] = [];
const sender = sendRegularly(legs);

process.on('message', (message: RoomAsk) => {
  void answer(message).then((reply) => process.send?.(reply));
});
process.on('disconnect', () => process.exit(0));
// The certificate that all legs share is made with the first.
(await WebMedia.create()).close();
process.send?.('ready');

async function answer(message: RoomAsk): Promise<object> {
  switch (message.ask) {
    case 'join':
      return join();
    case 'behave':
      return behave(message.listening, message.talking);
    case 'measure':
      for (const leg of legs) leg.measure();
      sender.takeWorstLateMs();
      return {};
    case 'report':
      return report();
    case 'leave':
      await Promise.all(legs.splice(0).map((leg) => leg.leave()));
      return {};
  }
}

/** One after the other begins to join, whether those before are in or not. */
async function join(): Promise<JoinReport> {
  const joins: JoinTimes[] = [];
  const failures: string[] = [];
  const all: Promise<void>[] = [];
  for (let index = 0; index < plan.legs; index += 1) {
    const talker = room.talkers[index] ?? null;
    const ear = index < room.talkers.length + EARS ? 'decodes' : 'counts';
    const joining = BrowserLeg.join(plan, room, { talker, ear }).then(
      ({ leg, times }) => {
        legs.push(leg);
        joins.push(times);
      },
      (error: unknown) => {
        failures.push(error instanceof Error ? error.message : 'unknown');
      },
    );
    all.push(joining);
    await pause(plan.joinEveryMs);
  }
  await Promise.all(all);
  return { joins, failures };
}

function behave(listening: Listening, talking: number): object {
  room.listening = listening;
  for (const [index, talker] of room.talkers.entries()) {
    talker.state = index < talking ? 'talking' : 'silent';
    talker.markerSentAtMs = 0;
  }
  return {};
}

function report(): RoomReport {
  const findings = legs.map((leg) => leg.findings());
  const sum = (pick: (finding: (typeof findings)[number]) => number): number =>
    findings.reduce((total, finding) => total + pick(finding), 0);
  return {
    up: legs.filter(({ isUp }) => isUp).length,
    packets: sum(({ packets }) => packets),
    fewestPackets: Math.min(...findings.map(({ packets }) => packets)),
    lost: sum(({ lost }) => lost),
    refused: sum(({ refused }) => refused),
    delaysMs: findings.flatMap(({ delaysMs }) => delaysMs),
    ...levels(),
    worstLateMs: sender.takeWorstLateMs(),
  };
}

function levels(): Pick<RoomReport, 'worstLevelDb' | 'strangestDb'> {
  let worstLevelDb: number | null = null;
  let strangestDb = Number.NEGATIVE_INFINITY;
  for (const talker of room.talkers) {
    const all = levelsOf(talker.sound, talker);
    if (talker.state === 'silent') strangestDb = Math.max(strangestDb, medianOf(all));
    else if (Math.abs(medianOf(all)) >= Math.abs(worstLevelDb ?? 0)) worstLevelDb = medianOf(all);
  }
  const own = legs.flatMap((leg) =>
    leg.talker === null
      ? []
      : [(leg.levelDb(leg.talker.sound.toneHz) ?? 0) - leg.talker.sound.toneDb],
  );
  strangestDb = Math.max(strangestDb, ...own);
  for (const sound of foreign) strangestDb = Math.max(strangestDb, medianOf(levelsOf(sound, null)));
  return { worstLevelDb, strangestDb };
}

/** How far a tone is from its level at everybody who decodes, but the one whose it is. */
function levelsOf(sound: TalkerSound, owner: RoomTalker | null): readonly number[] {
  return legs.flatMap((leg) => {
    const levelDb = leg.talker !== null && leg.talker === owner ? null : leg.levelDb(sound.toneHz);
    return levelDb === null ? [] : [levelDb - sound.toneDb];
  });
}

/** A gap that one leg heard just now says nothing about the talker. */
function medianOf(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0;
}

function readPlan(text: string): RoomPlan {
  const read: unknown = JSON.parse(text);
  if (typeof read !== 'object' || read === null || !('legs' in read)) {
    throw new TypeError('the argument is no plan');
  }
  // Written by the process that starts this one.
  return read as RoomPlan;
}
