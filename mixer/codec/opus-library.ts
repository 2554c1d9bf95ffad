import type { OpusLibrary } from './opus-codec.ts';
import { openNativeOpus } from './opus-native.ts';
import { openWasmOpus } from './opus-wasm.ts';

let library: OpusLibrary | null = null;

/** This thread's libopus: the native one where it was built, else the one in WASM. Loaded when it is first asked for. */
export function opusLibrary(): OpusLibrary {
  library ??= openNativeOpus() ?? openWasmOpus();
  return library;
}
