import type { LocalCandidate } from '../../../mixer/protocol/media-security.ts';
import type { LegId, LegMedia, RoomId } from '../../../mixer/protocol/mixer-command.ts';
import type { MediaEvent, MediaPool, PooledCommand } from '../../../server/media/media-pool.ts';
import type { Clock } from '../../../server/runtime/clock.ts';
import { STATISTICS } from './call-bench.ts';

/** Where the fake workers say they listen. */
const CANDIDATES: readonly LocalCandidate[] = [
  { transport: 'udp', host: '127.0.0.1', port: 30_000 },
  { transport: 'udp', host: '192.0.2.7', port: 30_000 },
  { transport: 'tcp', host: '192.0.2.7', port: 30_000 },
];

/** From the command that plays something until it has been heard. */
const PLAYING_MS = 100;

/** Media workers that do what they are told and mix nothing. What goes to rooms and legs is kept as words. */
export class FakePool implements MediaPool {
  readonly fingerprint = { algorithm: 'sha-256', value: 'AA:BB' } as const;
  readonly ready = Promise.resolve();
  readonly lines: string[] = [];
  readonly legs = new Map<LegId, LegMedia>();
  readonly rooms = new Set<RoomId>();
  readonly #clock: Clock;
  readonly #emit: (event: MediaEvent) => void;

  constructor(clock: Clock, emit: (event: MediaEvent) => void) {
    this.#clock = clock;
    this.#emit = emit;
  }

  get legCount(): number {
    return this.legs.size;
  }

  openLeg({ legId, media }: { readonly legId: LegId; readonly media: LegMedia }): void {
    this.legs.set(legId, media);
    this.#soon({ type: 'leg-opened', legId, port: 20_000, candidates: [] });
  }

  openIceLeg(leg: {
    readonly legId: LegId;
    readonly media: LegMedia;
    readonly roomId: RoomId;
  }): void {
    const { legId, media, roomId } = leg;
    this.lines.push(`${legId} opens for ${roomId}`);
    this.legs.set(legId, media);
    this.#soon({ type: 'leg-opened', legId, port: 0, candidates: CANDIDATES });
  }

  command(command: PooledCommand): void {
    switch (command.type) {
      case 'open-room':
        this.rooms.add(command.roomId);
        break;
      case 'close-room':
        this.rooms.delete(command.roomId);
        break;
      case 'close-leg':
        this.legs.delete(command.legId);
        this.#soon({ type: 'leg-closed', legId: command.legId, statistics: STATISTICS });
        break;
      case 'play-to-leg': {
        const { playId, legId } = command;
        this.lines.push(`${legId} hears ${command.clips.join(' ')}`);
        this.#later(PLAYING_MS, { type: 'play-ended', playId, legId, outcome: 'finished' });
        return;
      }
      case 'play-to-room':
        this.lines.push(`all hear ${command.clips.join(' ')}`);
        return;
      default:
    }
    this.lines.push(
      Object.values(command)
        .filter((value) => typeof value !== 'object')
        .join(' '),
    );
  }

  /** The worker with everything on it crashes. */
  crash(): void {
    const legs = [...this.legs.keys()];
    const rooms = [...this.rooms];
    this.legs.clear();
    this.rooms.clear();
    for (const legId of legs) this.#emit({ type: 'leg-lost', legId });
    for (const roomId of rooms) this.#emit({ type: 'room-lost', roomId });
  }

  loadClips(): void {
    // Nobody listens.
  }

  async stop(): Promise<void> {
    this.legs.clear();
  }

  #soon(event: MediaEvent): void {
    this.#later(0, event);
  }

  #later(delayMs: number, event: MediaEvent): void {
    this.#clock.schedule(this.#clock.monotonicMs() + delayMs, () => this.#emit(event));
  }
}
