const HEADER_BYTES = 44;

/** A WAV file of one channel of int16. */
export function writeWav(samples: Int16Array, sampleRateHz = 8000): Buffer {
  const file = Buffer.alloc(HEADER_BYTES + samples.length * 2);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16); // length of the format
  file.writeUInt16LE(1, 20); // PCM
  file.writeUInt16LE(1, 22); // channels
  file.writeUInt32LE(sampleRateHz, 24);
  file.writeUInt32LE(sampleRateHz * 2, 28); // bytes per second
  file.writeUInt16LE(2, 32); // bytes per frame
  file.writeUInt16LE(16, 34); // bits per sample
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((sample, index) => file.writeInt16LE(sample, HEADER_BYTES + index * 2));
  return file;
}

/**
 * The samples of a WAV file of int16. A length in the header that is 0 or too long, as of a recording that was cut off,
 * means: to the end of the file.
 */
export function readWav(file: Buffer): Int16Array {
  for (let offset = 12; offset + 8 <= file.length;) {
    const name = file.toString('latin1', offset, offset + 4);
    const stated = file.readUInt32LE(offset + 4);
    const begin = offset + 8;
    if (name === 'data') {
      const bytes = stated === 0 ? file.length - begin : Math.min(stated, file.length - begin);
      return Int16Array.from({ length: bytes >> 1 }, (_, index) =>
        file.readInt16LE(begin + index * 2),
      );
    }
    offset = begin + stated + (stated & 1);
  }
  return new Int16Array(0);
}
