import type { Switchboard } from './call/switchboard.ts';
import type { Signalling } from './compose-signalling.ts';
import { createBanDesk } from './control/ban-status.ts';
import type { BanStatus } from './control/ban-status.ts';
import type { TrunkStatus } from './control/trunk-status.ts';
import type { Clock } from './runtime/clock.ts';
import type { Logger } from './runtime/logger.ts';
import type { Trunks } from './trunk/trunks.ts';

/** What whoever runs the server sees and does, by the command line and in the panel alike. */
export interface OperatorDesk {
  /** Every trunk of the settings, those that only call us among them. */
  trunks(): readonly TrunkStatus[];
  /** The bans that stand, the latest first. */
  bans(): readonly BanStatus[];
  /** Ends the bans of an address or network. `by` — who lifts it, for the log. */
  lift(source: string, by: string): 'lifted' | 'not-banned';
}

/** What it looks at. */
export interface OperatorDeskParts {
  readonly switchboard: Pick<Switchboard, 'trunkLoads'>;
  readonly trunks: Pick<Trunks, 'snapshot'>;
  readonly signalling: Pick<Signalling, 'guard'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Puts the desk together. */
export function composeOperatorDesk(parts: OperatorDeskParts): OperatorDesk {
  const { switchboard, trunks, signalling, clock, log } = parts;
  const desk = createBanDesk(signalling.guard, clock);
  return {
    trunks: () => trunkStatuses(switchboard, trunks),
    bans: () => desk.bans(),
    lift(source, by) {
      const outcome = desk.lift(source);
      if (outcome === 'lifted') log.info('a ban is lifted', { source, by });
      return outcome;
    },
  };
}

function trunkStatuses(
  switchboard: OperatorDeskParts['switchboard'],
  trunks: OperatorDeskParts['trunks'],
): readonly TrunkStatus[] {
  const outward = new Map(trunks.snapshot().map((each) => [each.name, each]));
  return switchboard.trunkLoads().map(({ trunk, calls }) => {
    const { name, transport, onNet, maxCalls } = trunk;
    const snapshot = outward.get(name);
    return {
      ...{ name, transport, onNet, maxCalls, calls },
      registration: snapshot?.registration ?? null,
      hosts: snapshot?.hosts ?? [],
    };
  });
}
