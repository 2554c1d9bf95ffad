import type { ReservationList, ReservationView } from '../../server/panel/api/reservation-api.ts';

/** The list in the order in which it matters. */
export interface ListGroups {
  /** Open now, with or without people. */
  readonly now: readonly ReservationView[];
  readonly planned: readonly ReservationView[];
  /** Over, but still taking their place. */
  readonly over: readonly ReservationView[];
}

/** Sorts the list: what goes on first, then what comes, by start; what is over last, by the end. */
export function groupList(reservations: readonly ReservationView[]): ListGroups {
  const byStart = [...reservations].sort((one, other) => compare(one.startAt, other.startAt));
  return {
    now: byStart.filter(({ state }) => state === 'open' || state === 'in-progress'),
    planned: byStart.filter(({ state }) => state === 'planned'),
    over: byStart
      .filter(({ state }) => state === 'finished')
      .sort((one, other) => compare(one.freesAt, other.freesAt)),
  };
}

/** Whether another reservation may be made; when all places are taken, when the next one becomes free by itself. */
export type PlaceState =
  | { readonly state: 'free'; readonly used: number; readonly allowed: number }
  | {
      readonly state: 'full';
      readonly used: number;
      readonly allowed: number;
      /** Null when the list does not tell. */
      readonly freesAt: string | null;
      /** A finished one, which can be deleted at no loss; null when there is none. */
      readonly over: ReservationView | null;
    };

/** Reads the places off the list. */
export function placeState(list: ReservationList): PlaceState {
  const { used, allowed } = list.places;
  if (used < allowed) return { state: 'free', used, allowed };
  const byFreeing = [...list.reservations].sort((one, other) =>
    compare(one.freesAt, other.freesAt),
  );
  return {
    state: 'full',
    used,
    allowed,
    freesAt: byFreeing[0]?.freesAt ?? null,
    over: byFreeing.find(({ state }) => state === 'finished') ?? null,
  };
}

function compare(one: string, other: string): number {
  return Date.parse(one) - Date.parse(other);
}
