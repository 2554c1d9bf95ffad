import { CALLED } from './call-load.ts';
import { measureKonfa } from './call-mix.ts';
import type { Company } from './call-mix.ts';
import { callBySipp } from './sipp-calls.ts';
import type { SippCount } from './sipp-calls.ts';

const CALLS_PER_SECOND = 100;
const HOLD_MS = 1000;
const SECONDS = 15;
const TALKERS = 3;
const DELAY_LIMIT_MS = 30;

/** Phones in rooms, without and with 100 calls set up and ended per second beside them. Returns what is not as it must be. */
export async function measureCallsBesidePhones(load: {
  readonly rooms: number;
  readonly perRoom: number;
}): Promise<readonly string[]> {
  const faults: string[] = [];
  const counted: SippCount[] = [];
  const { rooms, perRoom } = load;
  const mix = {
    rooms,
    perRoom,
    name: 'beside calls',
    talkers: TALKERS,
    entry: 'straight',
  } as const;
  const result = await measureKonfa({ ...mix, seconds: SECONDS }, companyOf(counted));
  const [sipp] = counted;
  const delay = `delay p95 ${result.delayP95Ms.toFixed(1)} ms (limit ${DELAY_LIMIT_MS})`;
  const lost = `lost ${result.lost} of ${result.packets} packets (limit 0)`;
  const beside = `${sipp?.successful ?? 0} of ${sipp?.calls ?? 0} calls at ${CALLS_PER_SECOND} per s complete, sipp sent again ${sipp?.sentAgain ?? 0}`;
  process.stdout.write(`${rooms * perRoom} phones     ${lost}, ${delay}; beside them ${beside}\n`);
  if (result.lost > 0) faults.push(`beside calls phones lost ${result.lost} packets`);
  if (result.delayP95Ms > DELAY_LIMIT_MS) faults.push(`beside calls phones: ${delay}`);
  if (sipp === undefined || sipp.successful !== sipp.calls) {
    faults.push(`beside phones: ${beside}; ${sipp?.complaint ?? ''}`);
  }
  return faults;
}

function companyOf(counted: SippCount[]): Company {
  return {
    config: {},
    prepare: () => undefined,
    async begin({ sipPort }) {
      const calls = CALLS_PER_SECOND * (SECONDS + 1);
      const calling = callBySipp({
        ...{ sipPort, number: CALLED, calls },
        ...{ callsPerSecond: CALLS_PER_SECOND, holdMs: HOLD_MS },
      });
      return async () => {
        counted.push(await calling);
      };
    },
  };
}
