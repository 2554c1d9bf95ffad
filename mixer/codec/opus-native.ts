import { hasInterface, loadAddOn } from '../add-on/load-add-on.ts';
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

/** The system's libopus by the add-on; null where that was not built. */
export function openNativeOpus(): OpusLibrary | null {
  const binding = loadAddOn('codec/native/opus_codec', isAddOn);
  if (binding === null) return null;
  return {
    kind: 'native',
    createDecoder: () => new OpusStreamDecoder(binding),
    createEncoder: (settings: OpusEncoderSettings) => new OpusStreamEncoder(binding, settings),
  };
}

function isAddOn(loaded: unknown): loaded is OpusAddOn {
  return hasInterface(loaded, INTERFACE_VERSION);
}
