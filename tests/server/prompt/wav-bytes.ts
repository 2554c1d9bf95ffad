/** A `fmt ` chunk's numbers. */
interface WavHeader {
  readonly formatTag: number;
  readonly channels?: number;
  readonly sampleRateHz?: number;
  readonly blockBytes: number;
  readonly bitsPerSample: number;
  /** Bytes after the 16 that every format has. */
  readonly extension?: readonly number[];
}

/** One chunk: tag, size, body, and a byte of padding when the size is odd. */
export function chunk(tag: string, body: Uint8Array): Uint8Array {
  const out = Buffer.alloc(8 + body.length + (body.length % 2));
  out.write(tag, 0, 'latin1');
  out.writeUInt32LE(body.length, 4);
  out.set(body, 8);
  return out;
}

/** A `fmt ` chunk. */
export function formatChunk(header: WavHeader): Uint8Array {
  const { formatTag, channels = 1, sampleRateHz = 8000, blockBytes, bitsPerSample } = header;
  const extension = header.extension ?? [];
  const body = Buffer.alloc(16 + extension.length);
  body.writeUInt16LE(formatTag, 0);
  body.writeUInt16LE(channels, 2);
  body.writeUInt32LE(sampleRateHz, 4);
  body.writeUInt32LE(sampleRateHz * blockBytes, 8);
  body.writeUInt16LE(blockBytes, 12);
  body.writeUInt16LE(bitsPerSample, 14);
  body.set(extension, 16);
  return chunk('fmt ', body);
}

/** A file of these chunks. */
export function riff(...chunks: readonly Uint8Array[]): Uint8Array {
  return chunk('RIFF', Buffer.concat([Buffer.from('WAVE', 'latin1'), ...chunks]));
}

/** A file of one format and its data. */
export function wavFile(header: WavHeader, data: readonly number[]): Uint8Array {
  return riff(formatChunk(header), chunk('data', Uint8Array.from(data)));
}
