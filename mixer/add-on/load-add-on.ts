import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Beside the sources; compiled files are one folder deeper, in `dist/`. */
const ROOTS = ['../', '../../../mixer/'];

/**
 * Loads a native add-on. `place` — its folder under `mixer/` and its name: `transport/native/packet_batch`. Null where it
 * was not built, or from other sources than `isOurs` knows.
 */
export function loadAddOn<AddOn>(
  place: string,
  isOurs: (loaded: unknown) => loaded is AddOn,
): AddOn | null {
  const [, folder = '', name = ''] = /^(.*)\/([^/]*)$/u.exec(place) ?? [];
  for (const root of ROOTS) {
    const path = `${root}${folder}/build/Release/${name}.node`;
    const file = fileURLToPath(new URL(path, import.meta.url));
    if (!existsSync(file)) continue;
    try {
      const loaded: unknown = createRequire(import.meta.url)(file);
      if (isOurs(loaded)) return loaded;
    } catch {
      // Built for another Node, or a library that it needs is gone since: the same as not built.
    }
  }
  return null;
}

/** Whether an add-on exports what these sources expect. Another number: built before an update perhaps. */
export function hasInterface(loaded: unknown, version: number): boolean {
  const isObject = typeof loaded === 'object' && loaded !== null;
  return isObject && 'interfaceVersion' in loaded && loaded.interfaceVersion === version;
}
