import { join } from 'node:path';
import { bansAnswerSchema } from '../../server/control/ban-status.ts';
import type { BanStatus } from '../../server/control/ban-status.ts';
import { askServer } from '../../server/control/control-client.ts';
import { trunksAnswerSchema } from '../../server/control/trunk-status.ts';
import type { TrunkStatus } from '../../server/control/trunk-status.ts';
import type { KonfaProcess } from './konfa-process.ts';

/** How a trunk is, as `konfa trunks` tells it. @throws when the server has no such trunk. */
export async function trunkStatus(konfa: KonfaProcess, name: string): Promise<TrunkStatus> {
  const { trunks } = trunksAnswerSchema.parse(await ask(konfa, 'trunks'));
  const trunk = trunks.find((each) => each.name === name);
  if (trunk === undefined) throw new Error(`no trunk ${name}`);
  return trunk;
}

/** The bans that stand, as `konfa bans` lists them. */
export async function banList(konfa: KonfaProcess): Promise<readonly BanStatus[]> {
  return bansAnswerSchema.parse(await ask(konfa, 'bans')).bans;
}

/** A figure of `GET /metrics`, such as `konfa_calls` or `konfa_trunk_calls{trunk="one"}`; 0 when it is not there. */
export async function figure(konfa: KonfaProcess, name: string): Promise<number> {
  const page = await (await fetch(`${konfa.url}/metrics`)).text();
  const line = page.split('\n').find((each) => each.startsWith(`${name} `));
  return line === undefined ? 0 : Number(line.slice(name.length + 1));
}

function ask({ folder }: KonfaProcess, command: string): Promise<unknown> {
  return askServer(join(folder, 'konfa.sock'), command, {});
}
