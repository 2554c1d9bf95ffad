import type { GuestEntrance, Seat, SeatRefusal } from '../../server/guest/seat.ts';
import type { RoomTerms } from '../../server/reservation/reservation.ts';

/** A room as any. */
const TERMS: RoomTerms = {
  roomId: 'r1',
  origin: 'reservation',
  number: '40213',
  pin: '70214',
  adminPin: '5520931',
  name: 'Sales',
  maxParticipants: 30,
  startAtMs: Date.UTC(2026, 2, 2, 10),
  opensAtMs: Date.UTC(2026, 2, 2, 9, 55),
  endAtMs: Date.UTC(2026, 2, 2, 12),
  zone: 'Europe/Warsaw',
  announcements: 'tone',
};

/** An entrance that seats everybody, or nobody when it is told why. */
export class FakeEntrance implements GuestEntrance {
  /** What was asked, in order. */
  readonly asked: object[] = [];
  /** Credentials that were given up. */
  readonly givenUp: string[] = [];
  refusal: { readonly why: SeatRefusal; readonly retryAfterMs: number | null } | null = null;
  delayMs = 0;

  seat(wish: Parameters<GuestEntrance['seat']>[0]): ReturnType<GuestEntrance['seat']> {
    this.asked.push(wish);
    if (this.refusal !== null) return { outcome: 'refused', ...this.refusal };
    return { outcome: 'seated', seat: seatOf(wish), credential: 'c'.repeat(43) };
  }

  seatByPin(
    wish: Parameters<GuestEntrance['seatByPin']>[0],
  ): ReturnType<GuestEntrance['seatByPin']> {
    this.asked.push(wish);
    const { delayMs } = this;
    if (this.refusal !== null) return { outcome: 'refused', ...this.refusal, delayMs };
    const seat = seatOf({ ...wish, roomId: 'r1', role: 'participant' });
    return { outcome: 'seated', seat, credential: 'c'.repeat(43), delayMs };
  }

  seatOf(): Seat | null {
    return null;
  }

  giveUp(credential: string): void {
    this.givenUp.push(credential);
  }
}

function seatOf(wish: Parameters<GuestEntrance['seat']>[0]): Seat {
  const { role, name, language, address, roomId } = wish;
  return {
    ...{ role, name, language, address },
    seatId: 'ab'.repeat(16),
    terms: { ...TERMS, roomId },
    createdAtMs: 0,
    linkId: null,
    whenFull: wish.whenFull ?? 'refuse',
  };
}
