import type { ClipBank, ClipName } from '../../mixer/protocol/mixer-command.ts';
import { BANDS, HOP_SAMPLES, spectralBands } from './spectral-bands.ts';

/** A recording that was recognised. */
export interface HeardClip {
  readonly clip: ClipName;
  /** Where it begins in the audio. */
  readonly atMs: number;
  /** How much of it was heard, from its beginning. */
  readonly heardMs: number;
  /** Whether it was heard to its end, or cut short. */
  readonly extent: 'whole' | 'cut-short';
}

/** A recording that may begin at a place. */
interface Candidate {
  readonly clip: KnownClip;
  readonly atSamples: number;
}

/** A recording as the ear knows it. */
interface KnownClip {
  readonly name: ClipName;
  /** From its first sound to its last. */
  readonly samples: Int16Array;
  /** Silence before `samples`. */
  readonly leadSamples: number;
  /** The sound of its beginning in outline. */
  readonly outline: Outline;
}

/** How audio sounds, in outline; `energyBefore[n]` is the sum of squares of the first n frames. */
interface Outline {
  readonly bands: Float32Array;
  readonly energyBefore: Float64Array;
}

/** By its beginning a recording is found; the rest tells it from others that begin alike. */
const OUTLINE_SAMPLES = 3200;
/** How like two outlines must be to look closer, 0–1. */
const LIKE_ENOUGH = 0.8;
/** How far around a place of likeness the exact beginning is sought: an outline is only sharp to a hop. */
const SEARCH_SAMPLES = HOP_SAMPLES;
const SEARCH_LENGTH_SAMPLES = 800;
/** Correlation, 0–1, from which on a piece of audio is a piece of a recording, other sounds upon it or not. */
const SAME = 0.6;
const BLOCK_SAMPLES = 400;
/** A sample above this is sound; a block whose effective value is below it is a pause. */
const QUIET = 60;
/** Less than this of a recording proves nothing. */
const SHORTEST_HEARD_SAMPLES = 1600;
/** Two recordings one after another may touch by so much. */
const TOUCH_SAMPLES = 400;
/** What may be missing at the end of a recording that was heard whole. */
const END_SAMPLES = 800;

/**
 * Tells which recordings of a clip bank are in a stretch of telephone audio, where, and whether they were cut short.
 * First the outline of every beginning is sought, then the waveforms are compared: coding noise and loudness do not
 * matter, and another sound that is not louder than the prompt does not hide it. `bank` is at 8000 Hz.
 */
export class PromptEar {
  readonly #clips: readonly KnownClip[];

  constructor(bank: ClipBank) {
    if (bank.sampleRateHz !== 8000) throw new Error('the ear listens at 8000 Hz');
    const samples = new Int16Array(bank.samples);
    this.#clips = Object.entries(bank.clips).map(([name, { offsetSamples, lengthSamples }]) =>
      knownClip(name, samples.subarray(offsetSamples, offsetSamples + lengthSamples)),
    );
  }

  /** What was heard, in order. `audio` is int16 at 8000 Hz. */
  hear(audio: Int16Array): readonly HeardClip[] {
    const outline = outlineOf(audio);
    const found = this.#clips
      .flatMap((clip) => placesOf(clip, outline))
      .map((candidate) => listenClosely(candidate, audio))
      .filter((each) => each !== null)
      .sort((a, b) => b.heardSamples - a.heardSamples);
    const kept: Found[] = [];
    for (const each of found) {
      if (kept.every((other) => !overlap(each, other))) kept.push(each);
    }
    return kept.sort((a, b) => a.atSamples - b.atSamples).map(asHeardClip);
  }
}

/** A recording at its exact place. */
interface Found extends Candidate {
  readonly heardSamples: number;
}

function asHeardClip({ clip, atSamples, heardSamples }: Found): HeardClip {
  return {
    clip: clip.name,
    atMs: (atSamples - clip.leadSamples) / 8,
    heardMs: (heardSamples + clip.leadSamples) / 8,
    extent: heardSamples >= clip.samples.length - END_SAMPLES ? 'whole' : 'cut-short',
  };
}

function overlap(one: Found, other: Found): boolean {
  const end = Math.min(one.atSamples + one.heardSamples, other.atSamples + other.heardSamples);
  return end - Math.max(one.atSamples, other.atSamples) > TOUCH_SAMPLES;
}

function knownClip(name: ClipName, samples: Int16Array): KnownClip {
  const first = samples.findIndex(isSound);
  const last = samples.findLastIndex(isSound);
  const sound = first < 0 ? samples.subarray(0, 0) : samples.subarray(first, last + 1);
  return {
    name,
    samples: sound,
    leadSamples: Math.max(0, first),
    outline: outlineOf(sound.subarray(0, OUTLINE_SAMPLES)),
  };
}

function isSound(sample: number): boolean {
  return Math.abs(sample) > QUIET;
}

/** Places where the outline of a recording's beginning is like that of the audio: the peaks of likeness. */
function placesOf(clip: KnownClip, audio: Outline): readonly Candidate[] {
  const places: Candidate[] = [];
  let before = 0;
  let here = 0;
  const frames = (audio.bands.length - clip.outline.bands.length) / BANDS;
  for (let frame = 0; frame <= frames + 1; frame += 1) {
    const after = frame <= frames ? likeness(clip.outline, audio, frame) : 0;
    if (here >= LIKE_ENOUGH && here >= before && here >= after) {
      places.push({ clip, atSamples: (frame - 1) * HOP_SAMPLES });
    }
    before = here;
    here = after;
  }
  return places;
}

function outlineOf(samples: Int16Array): Outline {
  const bands = spectralBands(samples);
  const energyBefore = new Float64Array(bands.length / BANDS + 1);
  let energy = 0;
  bands.forEach((value, index) => {
    energy += value * value;
    if (index % BANDS === BANDS - 1) energyBefore[(index + 1) / BANDS] = energy;
  });
  return { bands, energyBefore };
}

/** The cosine of the angle between two outlines, one of them a part of a longer one. */
function likeness(part: Outline, whole: Outline, frame: number): number {
  const offset = frame * BANDS;
  const partFrames = part.bands.length / BANDS;
  let product = 0;
  for (let index = 0; index < part.bands.length; index += 1) {
    product += (part.bands[index] ?? 0) * (whole.bands[offset + index] ?? 0);
  }
  const wholeEnergy =
    (whole.energyBefore[frame + partFrames] ?? 0) - (whole.energyBefore[frame] ?? 0);
  const energies = wholeEnergy * (part.energyBefore[partFrames] ?? 0);
  return energies <= 0 ? 0 : product / Math.sqrt(energies);
}

/** Finds the exact beginning and follows the recording from there for as long as it is heard. */
function listenClosely({ clip, atSamples }: Candidate, audio: Int16Array): Found | null {
  const beginning = clip.samples.subarray(0, SEARCH_LENGTH_SAMPLES);
  let best = { atSamples, correlation: 0 };
  for (let shift = -SEARCH_SAMPLES; shift <= SEARCH_SAMPLES; shift += 1) {
    const correlated = correlation(beginning, audio, atSamples + shift);
    if (correlated > best.correlation) {
      best = { atSamples: atSamples + shift, correlation: correlated };
    }
  }
  if (best.correlation < SAME) return null;
  const heardSamples = follow(clip.samples, audio, best.atSamples);
  const enough = Math.min(SHORTEST_HEARD_SAMPLES, clip.samples.length - END_SAMPLES);
  return heardSamples < enough ? null : { clip, atSamples: best.atSamples, heardSamples };
}

/** How many samples of a recording are heard, from its beginning on, until the first block that is something else. */
function follow(samples: Int16Array, audio: Int16Array, atSamples: number): number {
  for (let offset = 0; offset < samples.length; offset += BLOCK_SAMPLES) {
    const block = samples.subarray(offset, offset + BLOCK_SAMPLES);
    if (!isPause(block) && correlation(block, audio, atSamples + offset) < SAME) return offset;
  }
  return samples.length;
}

/** A breath between words, too quiet for its waveform to survive the telephone. */
function isPause(block: Int16Array): boolean {
  const energy = block.reduce((sum, sample) => sum + sample * sample, 0);
  return energy < QUIET * QUIET * block.length;
}

/** Normalised correlation of a recording with the audio from one place on. */
function correlation(samples: Int16Array, audio: Int16Array, at: number): number {
  let product = 0;
  let energy = 0;
  let audioEnergy = 0;
  for (let index = 0; index < samples.length; index += 1) {
    const one = samples[index] ?? 0;
    const other = audio[at + index] ?? 0;
    product += one * other;
    energy += one * one;
    audioEnergy += other * other;
  }
  return energy === 0 || audioEnergy === 0 ? 0 : product / Math.sqrt(energy * audioEnergy);
}
