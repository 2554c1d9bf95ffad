import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import { NEVER } from '../../mixer/protocol/units.ts';
import type { WarningSettings } from './room-options.ts';

const MINUTE_MS = 60_000;

/** One spoken warning before the end of a room. */
export interface Warning {
  readonly atMs: MonotonicMs;
  readonly to: 'moderators' | 'all';
  readonly minutes: number;
}

/** Warnings that have not been given yet, earliest first. */
export type WarningPlan = readonly Warning[];

/** All warnings before an end, those of the past included. None when there is no end. */
export function planWarnings(endsAtMs: MonotonicMs, settings: WarningSettings): WarningPlan {
  if (endsAtMs === NEVER) return [];
  const { moderatorMinutes, allMinutes } = settings;
  const plan: readonly Omit<Warning, 'atMs'>[] = [
    ...(moderatorMinutes > 0 ? [{ to: 'moderators' as const, minutes: moderatorMinutes }] : []),
    ...allMinutes.map((minutes) => ({ to: 'all' as const, minutes })),
  ];
  return plan
    .map((warning) => ({ ...warning, atMs: endsAtMs - warning.minutes * MINUTE_MS }))
    .sort((left, right) => left.atMs - right.atMs);
}

/** The same warnings for the same end, which now lies elsewhere on the monotonic clock. */
export function replanWarnings(
  plan: WarningPlan,
  endsAtMs: MonotonicMs,
  settings: WarningSettings,
): WarningPlan {
  return planWarnings(endsAtMs, settings).filter((warning) =>
    plan.some((left) => left.to === warning.to && left.minutes === warning.minutes),
  );
}

/** Parts a plan into who is to be told now, and what is left. Several that fell due together are one. */
export function takeDue(
  plan: WarningPlan,
  nowMs: MonotonicMs,
): { readonly due: ReadonlySet<Warning['to']>; readonly left: WarningPlan } {
  return {
    due: new Set(plan.filter((warning) => warning.atMs <= nowMs).map((warning) => warning.to)),
    left: plan.filter((warning) => warning.atMs > nowMs),
  };
}

/** Whole minutes until `atMs`, begun ones counted. */
export function minutesUntil(atMs: MonotonicMs, nowMs: MonotonicMs): number {
  return Math.max(0, Math.ceil((atMs - nowMs) / MINUTE_MS));
}

/** `minutes` from now. */
export function minutesFrom(nowMs: MonotonicMs, minutes: number): MonotonicMs {
  return nowMs + minutes * MINUTE_MS;
}
