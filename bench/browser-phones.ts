import { LoadCalls, pause } from './load-calls.ts';
import { LoadUser } from './load-user.ts';
import { sendRegularly } from './regular-sender.ts';
import type { RegularSender } from './regular-sender.ts';
import { SILENCE_DBOV, toneLevelDb } from '../tests/support/tones.ts';

const CALLS_PER_SECOND = 60;
const AMPLITUDE = 4000;

/** What all phones found since `measure`. */
export interface PhonesReport {
  readonly up: number;
  readonly packets: number;
  readonly lost: number;
  /** Furthest that a talking phone's tone is from its own level at another phone of the room, dB; null: none talks. */
  readonly worstLevelDb: number | null;
  readonly worstLateMs: number;
}

/** Telephones among the browsers. Those that may talk have tones of their own, above the voices of browsers. */
export class BrowserPhones {
  readonly #users: readonly LoadUser[];
  readonly #calls: LoadCalls;
  readonly #sender: RegularSender;
  readonly #before = new Map<LoadUser, { readonly packets: number; readonly lost: number }>();

  #state: 'calling' | 'ended' = 'calling';

  private constructor(users: readonly LoadUser[], calls: LoadCalls) {
    this.#users = users;
    this.#calls = calls;
    this.#sender = sendRegularly(users);
  }

  /** Calls into the rooms in turn; of these phones so many may talk. */
  static async join(options: {
    readonly sipPort: number;
    readonly numbers: readonly string[];
    readonly phones: number;
    readonly talkers: number;
  }): Promise<BrowserPhones> {
    const { sipPort, numbers, phones, talkers } = options;
    const markers = numbers.map(() => ({ sentAtMs: 0, speaker: null }));
    const users: LoadUser[] = [];
    for (let index = 0; index < phones; index += 1) {
      const place = { room: index % numbers.length, amplitude: AMPLITUDE };
      const marker = markers[place.room];
      const toneHz = index < talkers ? 2105 + 50 * index : 0;
      if (marker !== undefined) users.push(await LoadUser.open({ ...place, toneHz }, marker));
    }
    for (const user of users) user.microphone = 'off';
    const calls = await LoadCalls.open(sipPort);
    const phonesUp = new BrowserPhones(users, calls);
    try {
      await calls.place(users, ({ room }) => numbers[room] ?? '', CALLS_PER_SECOND);
    } catch (error) {
      await phonesUp.end();
      throw error;
    }
    return phonesUp;
  }

  /** The first so many talk, the others are silent. */
  talk(talking: number): void {
    for (const [index, user] of this.#users.entries()) {
      user.microphone = index < talking ? 'on' : 'off';
    }
  }

  measure(): void {
    for (const user of this.#users) {
      if (!this.#before.has(user)) user.measure();
      this.#before.set(user, user.findings());
    }
    this.#sender.takeWorstLateMs();
  }

  report(): PhonesReport {
    let packets = 0;
    let lost = 0;
    for (const user of this.#users) {
      const before = this.#before.get(user);
      const findings = user.findings();
      packets += findings.packets - (before?.packets ?? 0);
      lost += findings.lost - (before?.lost ?? 0);
    }
    const worstLevelDb = this.#worstLevelDb();
    const worstLateMs = this.#sender.takeWorstLateMs();
    return { up: this.#calls.up, packets, lost, worstLevelDb, worstLateMs };
  }

  /** Hangs up; nothing more when that was done before. */
  async end(): Promise<void> {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    await this.#calls.end();
    this.#sender.stop();
    await pause(20);
    for (const user of this.#users) user.close();
  }

  #worstLevelDb(): number | null {
    const talking = this.#users.filter(
      ({ toneHz, microphone }) => toneHz > 0 && microphone === 'on',
    );
    const sentDb = 20 * Math.log10(AMPLITUDE / 32_768);
    let worst: number | null = null;
    for (const user of this.#users) {
      const window = user.heard().slice(-1600);
      for (const other of talking) {
        if (other === user || other.room !== user.room) continue;
        const levelDb = toneLevelDb(window, other.toneHz);
        const offDb = levelDb <= SILENCE_DBOV ? SILENCE_DBOV : levelDb - sentDb;
        if (Math.abs(offDb) >= Math.abs(worst ?? 0)) worst = offDb;
      }
    }
    return worst;
  }
}
