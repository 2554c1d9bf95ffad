import { readFileSync, writeFileSync } from 'node:fs';
import type { KonfaProcess } from '../support/konfa-process.ts';

/** Changes sections of the config of a server that runs, and has it read them again. */
export function changeConfig(
  konfa: KonfaProcess,
  sections: Readonly<Record<string, unknown>>,
): void {
  const config: unknown = JSON.parse(readFileSync(konfa.configFile, 'utf8'));
  writeFileSync(konfa.configFile, JSON.stringify({ ...Object(config), ...sections }));
  konfa.reload();
}
