/** Lowest level that a meter shows, dBFS. */
const FLOOR_DBFS = -60;
/** Louder than this is a voice near a microphone rather than a room. */
const VOICE_DBFS = -45;
/** Voice that is needed before we say that somebody is heard or talks. */
const NEEDED_MS = 300;
/** Pauses between words that do not count as silence. */
const PAUSE_MS = 700;

/** Level of samples in −1…1, in dBFS (a full-scale sine is −3); at least −60. */
export function levelDbfs(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const meanSquare = sum / Math.max(1, samples.length);
  return Math.max(FLOOR_DBFS, 10 * Math.log10(meanSquare + 1e-12));
}

/** How much of a meter a level fills, 0–1. */
export function meterShare(dbfs: number): number {
  return Math.min(1, Math.max(0, (dbfs - FLOOR_DBFS) / -FLOOR_DBFS));
}

/** Whether somebody speaks, over time. */
export interface VoiceState {
  /** Voice so far, without a longer pause. */
  readonly voiceMs: number;
  /** When voice was last measured. */
  readonly lastVoiceAtMs: number;
  readonly readAtMs: number;
}

/** Nobody has spoken. */
export const SILENCE: VoiceState = { voiceMs: 0, lastVoiceAtMs: -Infinity, readAtMs: 0 };

/** Takes one reading of the level in. */
export function stepVoice(state: VoiceState, dbfs: number, nowMs: number): VoiceState {
  const passedMs = state.readAtMs === 0 ? 0 : Math.min(200, Math.max(0, nowMs - state.readAtMs));
  if (dbfs >= VOICE_DBFS) {
    return { voiceMs: state.voiceMs + passedMs, lastVoiceAtMs: nowMs, readAtMs: nowMs };
  }
  const isOver = nowMs - state.lastVoiceAtMs > PAUSE_MS;
  return { ...state, voiceMs: isOver ? 0 : state.voiceMs, readAtMs: nowMs };
}

/** Long and loud enough to be speech rather than a knock. */
export function isSpeech(state: VoiceState): boolean {
  return state.voiceMs >= NEEDED_MS;
}
