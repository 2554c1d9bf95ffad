import { parentPort } from 'node:worker_threads';
import { opusBuilds, packetsOf, speechLike } from './opus-builds.ts';

// A thread that uses every build and leaves its codecs behind.
const decoded = opusBuilds().map((library) => {
  const decoder = library.createDecoder();
  const out = new Int16Array(960);
  return packetsOf(library, speechLike(1)).reduce(
    (samples, packet) => samples + decoder.decode(packet, 0, packet.length, out, 0),
    0,
  );
});
parentPort?.postMessage(decoded);
