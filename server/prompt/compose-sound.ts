import type { SoundName } from './utterance.ts';

/** Rate of everything composed here. */
const RATE_HZ = 16_000;

/** Nothing above this is composed: it would not pass a telephone. */
const HIGHEST_PARTIAL_HZ = 3300;

/** RMS of the music against full scale: clearly below speech at −20 dBov. */
const MUSIC_LEVEL_DBOV = -24;
const TONE_LEVEL_DBOV = -26;

const FULL_SCALE = 32768;

/** Composes a sound: mono int16 at 16 kHz, the same at every run. */
export function composeSound(name: SoundName): Int16Array {
  if (name === 'tone-enter') return pairOfTones(622.25, 830.61);
  if (name === 'tone-leave') return pairOfTones(830.61, 622.25);
  return music();
}

/** Two soft notes a fourth apart, the second overlapping the first: 220 ms. */
function pairOfTones(firstHz: number, secondHz: number): Int16Array {
  const canvas = new Float64Array(RATE_HZ * 0.22);
  for (const [startS, frequencyHz] of [
    [0, firstHz],
    [0.09, secondHz],
  ] as const) {
    const lengthSamples = Math.round(RATE_HZ * 0.13);
    const from = Math.round(RATE_HZ * startS);
    for (let index = 0; index < lengthSamples; index += 1) {
      const window = Math.sin((Math.PI * index) / lengthSamples) ** 2;
      const phase = (2 * Math.PI * frequencyHz * index) / RATE_HZ;
      const value = window * (Math.sin(phase) + 0.15 * Math.sin(2 * phase));
      canvas[from + index] = (canvas[from + index] ?? 0) + value;
    }
  }
  return toLevel(canvas, TONE_LEVEL_DBOV);
}

/** Semitones above A3 (220 Hz) in equal temperament. */
function pitchHz(semitones: number): number {
  return 220 * 2 ** (semitones / 12);
}

/** One bar is four seconds: a chord held, and eight plucked notes over it. */
interface Bar {
  readonly chord: readonly number[];
  readonly melody: readonly (number | null)[];
}

const BAR_S = 4;
const NOTE_S = 0.5;

/** D major, slowly: D – Bm – G – A, each with a note added that softens it. Null is a rest. */
const BARS: readonly Bar[] = [
  { chord: [5, 9, 12, 16], melody: [17, 21, 24, 28, null, 24, 21, null] },
  { chord: [2, 5, 9, 12], melody: [14, 17, 21, 26, null, 21, 17, null] },
  { chord: [-2, 5, 9, 14], melody: [22, 17, 21, 26, null, 29, 26, null] },
  { chord: [0, 4, 10, 14], melody: [19, 16, 24, 28, null, 26, 24, null] },
];

/**
 * Sixteen seconds that join their own beginning: what rings on past the end is added at the start, so there is no seam.
 */
function music(): Int16Array {
  const loop = new Float64Array(RATE_HZ * BAR_S * BARS.length);
  for (const [index, bar] of BARS.entries()) {
    for (const note of bar.chord) addHeldNote(loop, index * BAR_S, pitchHz(note));
    for (const [step, note] of bar.melody.entries()) {
      if (note !== null) addPluckedNote(loop, index * BAR_S + step * NOTE_S, pitchHz(note));
    }
  }
  return toLevel(loop, MUSIC_LEVEL_DBOV);
}

/** Rises for a second, falls for two after its bar: bars melt into one another. */
function addHeldNote(loop: Float64Array, startS: number, frequencyHz: number): void {
  const riseS = 1.2;
  const fallS = 1.6;
  const totalS = BAR_S + fallS;
  addNote(loop, { startS, totalS, frequencyHz, partials: [0.5, 0.16, 0.07, 0.03] }, (atS) => {
    const rise = Math.min(1, atS / riseS);
    const fall = Math.min(1, (totalS - atS) / fallS);
    return 0.28 * Math.sin((Math.PI / 2) * rise) ** 2 * Math.sin((Math.PI / 2) * fall) ** 2;
  });
}

/** A soft bell: quick rise, long decay. */
function addPluckedNote(loop: Float64Array, startS: number, frequencyHz: number): void {
  const totalS = 2.8;
  addNote(loop, { startS, totalS, frequencyHz, partials: [1, 0.25, 0.1] }, (atS) => {
    const rise = Math.min(1, atS / 0.015);
    const end = Math.min(1, (totalS - atS) / 0.3);
    return 0.34 * rise * end * Math.exp(-atS / 0.7);
  });
}

interface Note {
  readonly startS: number;
  readonly totalS: number;
  readonly frequencyHz: number;
  /** Amplitudes of the fundamental and the harmonics above it. */
  readonly partials: readonly number[];
}

/** Adds a note to the loop, around its end. Partials too high for a telephone are left out. */
function addNote(loop: Float64Array, note: Note, envelope: (atS: number) => number): void {
  const from = Math.round(note.startS * RATE_HZ);
  const lengthSamples = Math.round(note.totalS * RATE_HZ);
  const partials = note.partials
    .map((amplitude, index) => ({ amplitude, hz: note.frequencyHz * (index + 1) }))
    .filter(({ hz }) => hz <= HIGHEST_PARTIAL_HZ);
  for (let sample = 0; sample < lengthSamples; sample += 1) {
    const radians = (2 * Math.PI * sample) / RATE_HZ;
    let value = 0;
    for (const { amplitude, hz } of partials) value += amplitude * Math.sin(radians * hz);
    const at = (from + sample) % loop.length;
    loop[at] = (loop[at] ?? 0) + envelope(sample / RATE_HZ) * value;
  }
}

function toLevel(canvas: Float64Array, levelDbov: number): Int16Array {
  const power = canvas.reduce((sum, value) => sum + value * value, 0) / canvas.length;
  const gain = (FULL_SCALE * 10 ** (levelDbov / 20)) / Math.sqrt(power);
  return Int16Array.from(canvas, (value) => Math.round(value * gain));
}
