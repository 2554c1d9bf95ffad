import type { SeatAnswer } from '../../server/panel/api/guest-api.ts';
import type { LiveAction, LiveServerMessage } from '../../server/panel/api/live-api.ts';
import { ApiProblem } from '../api-client.ts';
import type { Language } from '../language.tsx';
import {
  gather,
  gatheredDueMs,
  NOTHING_GATHERED,
  sayGathered,
  type Announcement,
} from './announcements.ts';
import type { placeCall, RoomCall } from './call.ts';
import type { Device } from './device-choice.ts';
import { createLiveFeed, type LiveFeed } from './live-feed.ts';
import { NO_LIVE_STATE, ownPerson, stepLive } from './live-state.ts';
import { openMicrophone, type Microphone, type SoundMode } from './microphone.ts';
import {
  answered,
  feedLost,
  heardOfSelf,
  MICROPHONE_AT_ENTRY,
  newSeat,
  telling,
  toggled,
  type MicrophoneState,
} from './microphone-state.ts';
import { watchMicrophone, type MicrophoneWatch } from './microphone-watch.ts';
import {
  judge,
  sampleBetween,
  withSample,
  type QualitySample,
  type StatsReading,
} from './quality.ts';
import { readStats } from './quality-watch.ts';
import {
  reconnectDeadlineMs,
  stepReconnect,
  type ReconnectAction,
  type ReconnectInput,
} from './reconnect.ts';
import { createRoomAudio, type RoomAudio } from './room-audio.ts';
import type { RoomView } from './room-view.ts';
import { askForSeat, giveUpSeat, type Ticket } from './seat-client.ts';
import { watchSurroundings, type Surroundings } from './surroundings.ts';

/** What a session begins with. */
export interface SessionOptions {
  readonly ticket: Ticket;
  readonly seat: SeatAnswer;
  readonly name: string;
  readonly language: Language;
  /** Taken over: closed at the end. */
  readonly microphone: Microphone;
  readonly sound: SoundMode;
  readonly speaker: Device | null;
  readonly title: string;
}

const STATS_MS = 2000;
/** One stay in a room: keeps call, feed and devices together, and tells what there is to see. */
export class RoomSession {
  readonly #options: SessionOptions;
  readonly #listeners = new Set<() => void>();
  readonly #feed: LiveFeed;
  readonly #audio: RoomAudio;
  readonly #surroundings: Surroundings;
  readonly #watch: MicrophoneWatch;
  #view: RoomView;
  #call: RoomCall | null = null;
  /** Calls that were asked for before the last one are not placed any more. */
  #callTurn = 0;
  #microphone: MicrophoneState = MICROPHONE_AT_ENTRY;
  #gathered = NOTHING_GATHERED;
  #reading: StatsReading | null = null;
  #samples: readonly QualitySample[] = [];
  #deadline: ReturnType<typeof setTimeout> | undefined;
  #gatherTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #statsTimer: ReturnType<typeof setInterval>;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#view = firstView(options);
    this.#feed = createLiveFeed(feedUrl(options.seat), {
      message: (message) => this.#heard(message),
      way: (feed) => this.#feedWay(feed),
    });
    this.#audio = createRoomAudio((sound) => this.#show({ sound }));
    if (options.speaker !== null) void this.#audio.useSpeaker(options.speaker);
    this.#surroundings = watchSurroundings(options.title, {
      networkChanged: () => this.#networkChanged(),
      devicesChanged: () => this.#watch.devicesChanged(),
      toggleMicrophone: () => this.toggleMicrophone(),
      hangUp: () => this.leave(),
      closing: () => this.leave(),
    });
    this.#watch = watchMicrophone(options.microphone, {
      open: (wanted) => openMicrophone(wanted, options.sound),
      changed: (microphone) => {
        void this.#call?.replaceTrack(microphone.track);
        this.#show({ device: microphone.device });
      },
      news: (news) => this.#show({ news }),
      talking: (talkingWhileMuted) => this.#show({ talkingWhileMuted }),
    });
    this.#statsTimer = setInterval(() => void this.#measure(), STATS_MS);
    this.#feed.watch(options.seat.credential);
    this.#input({ type: 'start' });
  }

  /** What there is to see. */
  get view(): RoomView {
    return this.#view;
  }

  /** The microphone that is open, for its meter. */
  get openMicrophone(): Microphone {
    return this.#watch.microphone;
  }

  /** Calls back after each change; the answer ends that. */
  readonly subscribe = (changed: () => void): (() => void) => {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  };

  /** Mutes, or speaks again: here at once, for the others when the server says so. */
  readonly toggleMicrophone = (): void => {
    this.#setMicrophone(toggled(this.#microphone));
    this.#tellMicrophone();
  };

  /** Does something that needs the server; `no-way` while it cannot be reached. */
  readonly act = (action: LiveAction): 'sent' | 'no-way' =>
    this.#feed.act(action) === null ? 'no-way' : 'sent';

  /** Keys for the room's menu. */
  readonly sendKeys = (keys: string): 'sent' | 'not-possible' =>
    this.#call?.sendKeys(keys) ?? 'not-possible';

  /** Another microphone without leaving. What comes of it is told as news. */
  readonly useMicrophone = (device: Device): void => {
    void this.#watch.use(device);
  };

  /** Another loudspeaker. */
  readonly useSpeaker = async (speaker: Device): Promise<'done' | 'not-possible'> => {
    const outcome = await this.#audio.useSpeaker(speaker);
    if (outcome === 'done') this.#show({ speaker });
    return outcome;
  };

  /** After a touch, where the browser blocked the sound. */
  readonly turnSoundOn = (): void => this.#audio.turnOn();

  /** Leaves for good. */
  readonly leave = (): void => this.#input({ type: 'leave' });

  /** Tries at once instead of when it is due. */
  readonly retryNow = (): void => this.#networkChanged();

  #show(change: Partial<RoomView>): void {
    this.#view = { ...this.#view, ...change };
    for (const listener of [...this.#listeners]) listener();
  }

  #input(input: ReconnectInput): void {
    const before = this.#view.way;
    const graceMs = this.#view.seat.graceSeconds * 1000;
    const step = stepReconnect(before, input, { nowMs: performance.now(), graceMs });
    this.#plan(step.state);
    const isUp = step.state.state === 'up';
    this.#show({ way: step.state, ...(isUp ? { entered: 'yes' } : {}) });
    for (const action of step.actions) this.#do(action);
  }

  #plan(state: RoomView['way']): void {
    clearTimeout(this.#deadline);
    const dueMs = reconnectDeadlineMs(state);
    if (dueMs === null) return;
    const inMs = Math.max(0, dueMs - performance.now());
    this.#deadline = setTimeout(() => this.#input({ type: 'timeout' }), inMs);
  }

  #do(action: ReconnectAction): void {
    switch (action) {
      case 'place-call':
        void this.#place();
        return;
      case 'drop-call':
        this.#dropCall();
        return;
      case 'restart-ice':
        if (this.#call === null) this.#input({ type: 'restart-failed' });
        else this.#call.restartIce();
        return;
      case 'renew-seat':
        void this.#renew();
        return;
      case 'hang-up':
        this.#end();
    }
  }

  async #place(): Promise<void> {
    const turn = (this.#callTurn += 1);
    let place: typeof placeCall;
    try {
      place = (await import('./call.ts')).placeCall;
    } catch {
      // The network was lost before the code of calls was here.
      if (turn === this.#callTurn)
        this.#input({ type: 'call-failed', status: null, fault: 'socket' });
      return;
    }
    if (turn !== this.#callTurn) return;
    this.#reading = null;
    this.#call = place({
      seat: this.#view.seat,
      name: this.#options.name,
      track: this.#watch.microphone.track,
      mode: this.#microphone.mode,
      events: {
        failed: (failure) => this.#input({ type: 'call-failed', ...failure }),
        ended: () => this.#input({ type: 'call-ended' }),
        socketClosed: () => this.#input({ type: 'socket-closed' }),
        media: (media) => this.#input({ type: 'media', media }),
        remoteTrack: (track) => this.#audio.play(track),
        restartFailed: () => this.#input({ type: 'restart-failed' }),
      },
    });
  }

  #dropCall(): void {
    this.#callTurn += 1;
    this.#samples = [];
    this.#show({ quality: judge([]) });
    this.#call?.drop();
    this.#call = null;
  }

  async #renew(): Promise<void> {
    const { ticket, name, language } = this.#options;
    try {
      const seat = await askForSeat(ticket, { name, language });
      this.#show({ seat });
      this.#setMicrophone(newSeat(this.#microphone));
      this.#feed.watch(seat.credential);
      this.#input({ type: 'seat-renewed' });
    } catch (error) {
      const isProblem = error instanceof ApiProblem;
      this.#input({
        type: 'seat-refused',
        code: isProblem && error.status < 500 ? error.code : null,
        retryAfterSeconds: isProblem ? error.retryAfterSeconds : null,
      });
    }
  }

  #end(): void {
    const { way, seat } = this.#view;
    if (way.state === 'over' && way.end.by === 'server' && way.end.why === 'left') {
      giveUpSeat(seat.credential);
    }
    this.#callTurn += 1;
    this.#call?.hangUp();
    this.#call = null;
    this.#feed.close();
    this.#audio.close();
    this.#watch.close();
    this.#surroundings.close();
    clearInterval(this.#statsTimer);
    clearTimeout(this.#gatherTimer);
  }

  #networkChanged(): void {
    this.#feed.hurry();
    this.#input({ type: 'network-changed' });
  }

  #feedWay(feed: 'open' | 'lost'): void {
    if (feed === 'lost') this.#setMicrophone(feedLost(this.#microphone));
    this.#show({ feed });
  }

  #heard(message: LiveServerMessage): void {
    if (message.type === 'end') {
      // A server that stops may be back soon: the feed tries again by itself.
      if (message.why !== 'server-stopping') this.#feed.close();
      this.#input({ type: 'feed-ended', why: message.why });
      return;
    }
    if (message.type === 'done' || message.type === 'refused') {
      if (message.type === 'refused' && this.#microphone.told !== message.requestId) {
        this.#show({ refusals: this.#view.refusals + 1 });
      }
      this.#setMicrophone(answered(this.#microphone, message.requestId, message.type));
      return;
    }
    const before = ownPerson(this.#view.live);
    const step = stepLive(this.#view.live, message, Date.now());
    if (step.ask === 'resync') this.#feed.resync();
    this.#show({ live: step.state });
    const own = ownPerson(step.state);
    if (own !== null && message.type !== 'levels') {
      this.#setMicrophone(heardOfSelf(this.#microphone, own, before));
      if (this.#microphone.told === 'unsent') this.#tellMicrophone();
    }
    const { gathered, say } = gather(this.#gathered, step.events, performance.now());
    this.#gathered = gathered;
    this.#say(say);
    this.#planGathered();
  }

  #planGathered(): void {
    const dueMs = gatheredDueMs(this.#gathered);
    clearTimeout(this.#gatherTimer);
    if (dueMs === null) return;
    this.#gatherTimer = setTimeout(
      () => {
        this.#say(sayGathered(this.#gathered));
        this.#gathered = NOTHING_GATHERED;
      },
      Math.max(0, dueMs - performance.now()),
    );
  }

  #say(announcements: readonly Announcement[]): void {
    if (announcements.length === 0) return;
    this.#show({ said: { number: this.#view.said.number + 1, announcements } });
  }

  #setMicrophone(state: MicrophoneState): void {
    const before = this.#microphone;
    this.#microphone = state;
    if (before.mode === state.mode) return;
    this.#call?.setMode(state.mode);
    this.#watch.setMode(state.mode);
    this.#surroundings.microphone(state.mode);
    this.#show({ microphone: state.mode });
  }

  #tellMicrophone(): void {
    const requestId = this.#feed.act({
      type: 'set-microphone',
      microphone: this.#microphone.mode,
    });
    if (requestId !== null) this.#microphone = telling(this.#microphone, requestId);
  }

  async #measure(): Promise<void> {
    const report = (await this.#call?.stats()) ?? null;
    const reading = report === null ? null : readStats(report);
    const before = this.#reading;
    this.#reading = reading;
    if (reading === null || before === null) return;
    const sample = sampleBetween(before, reading);
    this.#samples = sample === null ? [] : withSample(this.#samples, sample);
    this.#show({ quality: judge(this.#samples) });
  }
}

function feedUrl(seat: SeatAnswer): string {
  return `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}${seat.livePath}`;
}

function firstView({ seat, microphone, speaker }: SessionOptions): RoomView {
  return {
    seat,
    way: { state: 'idle' },
    entered: 'no',
    live: NO_LIVE_STATE,
    feed: 'lost',
    microphone: 'live',
    device: microphone.device,
    speaker,
    news: { news: 'none' },
    talkingWhileMuted: 'no',
    sound: 'on',
    quality: { quality: 'unknown', cause: 'none' },
    refusals: 0,
    said: { number: 0, announcements: [] },
  };
}
