import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** With the native add-ons, or as on a machine without a compiler. */
export type Build = 'native' | 'pure Node';

const project = join(import.meta.dirname, '..');
const dist = join(project, 'dist');
const PARTS = ['db', 'mixer', 'server', 'web'];
const ADD_ONS = ['opus_codec', 'packet_batch', 'shared_udp', 'srtp'];

/** Whether the add-ons were built here. */
export function hasAddOns(): boolean {
  return existsSync(join(project, 'mixer/transport/srtp/native/build/Release/srtp.node'));
}

/**
 * The compiled server in a folder where it finds what the build asks for. Add-ons are looked for in `mixer/` beside
 * `dist/`, so a copy of `dist/` one folder deeper finds none; the server itself knows of no switch.
 */
export function placeBuild(build: Build): { readonly program: string; remove(): void } {
  if (build === 'native') return { program: dist, remove: () => undefined };
  const program = mkdtempSync(join(dist, 'bench-'));
  for (const part of PARTS) cpSync(join(dist, part), join(program, part), { recursive: true });
  return { program, remove: () => rmSync(program, { recursive: true, force: true }) };
}

/** Which of our add-ons a process has loaded, by its memory map. */
export function loadedAddOns(pid: number): readonly string[] {
  const map = readFileSync(`/proc/${pid}/maps`, 'utf8');
  return ADD_ONS.filter((name) => map.includes(`/${name}.node`));
}
