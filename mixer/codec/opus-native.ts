import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { OpusEncoderSettings, OpusLibrary } from './opus-codec.ts';
import { OpusStreamDecoder, OpusStreamEncoder } from './opus-stream.ts';
import type { OpusBinding } from './opus-stream.ts';

/** The state of a codec in C, freed when this object is collected. */
type NativeCodec = object;

/** What `native/opus-codec.c` exports. */
interface OpusAddOn extends OpusBinding<NativeCodec> {
  readonly interfaceVersion: number;
}

/** The same number stands in opus-codec.c. */
const INTERFACE_VERSION = 1;

/** The add-on lies beside the sources; compiled files are one folder deeper, in `dist/`. */
const PLACES = [
  './native/build/Release/opus_codec.node',
  '../../../mixer/codec/native/build/Release/opus_codec.node',
];

/** The system's libopus by the add-on; null where that was not built. */
export function openNativeOpus(): OpusLibrary | null {
  const binding = loadAddOn();
  if (binding === null) return null;
  return {
    kind: 'native',
    createDecoder: () => new OpusStreamDecoder(binding),
    createEncoder: (settings: OpusEncoderSettings) => new OpusStreamEncoder(binding, settings),
  };
}

function loadAddOn(): OpusAddOn | null {
  for (const place of PLACES) {
    const file = fileURLToPath(new URL(place, import.meta.url));
    if (!existsSync(file)) continue;
    try {
      const loaded: unknown = createRequire(import.meta.url)(file);
      if (isAddOn(loaded)) return loaded;
    } catch {
      // Built for another Node, or libopus is gone since: the same as not built.
    }
  }
  return null;
}

function isAddOn(loaded: unknown): loaded is OpusAddOn {
  if (typeof loaded !== 'object' || loaded === null || !('interfaceVersion' in loaded))
    return false;
  // Another number: built from other sources, before an update perhaps.
  return loaded.interfaceVersion === INTERFACE_VERSION;
}
