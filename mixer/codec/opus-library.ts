import type { OpusLibrary } from './opus-codec.ts';

/** This thread's libopus: the native one where it was built, else the one in WASM. Loaded when it is first asked for. */
export function opusLibrary(): OpusLibrary {
  throw new Error('not yet');
}
