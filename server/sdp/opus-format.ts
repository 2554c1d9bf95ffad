import type { OpusParameters } from '../../mixer/protocol/mixer-command.ts';

/** What we say of the Opus we like to get: mono is the default, so nothing says stereo (RFC 7587 §6.1). */
export const OPUS_FORMAT = 'minptime=10;useinbandfec=1;usedtx=1';

const FULL_BAND_HZ = 48_000;
const PLAYBACK_RATES_HZ = { least: 8000, most: FULL_BAND_HZ };
/** RFC 7587 §3.1.1. */
const BITRATES = { least: 6000, most: 510_000 };

/** Reads `a=fmtp` of Opus, RFC 7587 §6.1. Values that make no sense count as not there. */
export function readOpusFormat(config: string): OpusParameters {
  const values = new Map<string, string>();
  for (const parameter of config.split(';')) {
    const equals = parameter.indexOf('=');
    const name = parameter.slice(0, Math.max(0, equals)).trim().toLowerCase();
    if (name !== '' && !values.has(name)) values.set(name, parameter.slice(equals + 1).trim());
  }
  return {
    maxPlaybackRateHz: within(values.get('maxplaybackrate'), PLAYBACK_RATES_HZ) ?? FULL_BAND_HZ,
    maxAverageBitrate: within(values.get('maxaveragebitrate'), BITRATES),
    inbandFec: values.get('useinbandfec') === '1' ? 'wanted' : 'unwanted',
    dtx: values.get('usedtx') === '1' ? 'allowed' : 'not-asked',
  };
}

function within(
  digits: string | undefined,
  range: { readonly least: number; readonly most: number },
): number | null {
  if (digits === undefined || !/^\d{1,9}$/.test(digits)) return null;
  const value = Number(digits);
  return value >= range.least && value <= range.most ? value : null;
}
