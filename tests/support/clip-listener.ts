import type { ClipBank } from '../../mixer/protocol/mixer-command.ts';

/** A recording that was found in a stretch of audio. */
export interface HeardClip {
  readonly clip: string;
  /** Where it begins. */
  readonly atMs: number;
  /** `cut`: only its beginning was heard. */
  readonly share: 'whole' | 'cut';
}

/** 20 ms at 8000 Hz: playbacks begin on such a boundary, and audio is compared in such frames. */
const FRAME_SAMPLES = 160;
/** A frame is the same when its normalised correlation is at least this. */
const SAME = 0.9;
/** By how much the spread of a frame's energy may differ. */
const SPREAD = 0.12;
/** Frames below this RMS tell nothing. */
const LOUD_RMS = 150;
/** Audio below this RMS is not looked at. */
const SILENT_RMS = 40;
/** Part of the loud frames of a recording that must be the same. */
const WHOLE_SHARE = 0.9;
const CUT_SHARE = 0.6;
/** Loud frames after which a beginning that only one recording has is believed. */
const UNIQUE_FRAMES = 10;
/** Frames that something else may spoil within a beginning. */
const SPOILT_FRAMES = 2;

interface Frame {
  readonly offset: number;
  readonly energy: number;
  /** Part of the energy that lies in the first quarter, and in the first half. */
  readonly quarter: number;
  readonly half: number;
}

interface KnownClip {
  readonly name: string;
  readonly samples: Int16Array;
  /** Frames that are loud enough to be compared. */
  readonly loud: readonly Frame[];
  /** The loudest frame of each third: where a search begins. */
  readonly probes: readonly Frame[];
}

/** How much of a recording lies at a place. */
interface Likeness {
  readonly clip: KnownClip;
  /** Loud frames that are the same, anywhere. */
  readonly same: number;
  /** Loud frames at the beginning that are the same. */
  readonly run: number;
}

/** Audio with the sum of squares up to each sample. */
interface Tape {
  readonly samples: Int16Array;
  readonly energyUpTo: Float64Array;
}

/**
 * Recognises recordings in what a phone heard. It relies on what is true of our mixer: a playback begins on a boundary
 * of 20 ms, and the recordings in it follow each other to the sample. Levels play no part.
 */
export class ClipListener {
  readonly #clips: readonly KnownClip[];
  readonly #music: Int16Array;
  /** By then every recording has become loud. */
  readonly #leadSamples: number;
  /** Recordings that sound exactly alike go by the name of the first. */
  readonly #names = new Map<string, string>();

  constructor(bank: ClipBank) {
    const all = new Int16Array(bank.samples);
    const bySound = new Map<string, string>();
    const clips: KnownClip[] = [];
    for (const [name, { offsetSamples, lengthSamples }] of Object.entries(bank.clips)) {
      const samples = all.subarray(offsetSamples, offsetSamples + lengthSamples);
      const sound = Buffer.from(samples.slice().buffer).toString('base64');
      const known = bySound.get(sound);
      this.#names.set(name, known ?? name);
      if (known !== undefined || name === 'music') continue;
      bySound.set(sound, name);
      clips.push(study(name, samples));
    }
    this.#clips = clips;
    this.#leadSamples = Math.max(...clips.map((clip) => clip.loud[0]?.offset ?? 0)) + FRAME_SAMPLES;
    const music = bank.clips.music ?? { offsetSamples: 0, lengthSamples: 0 };
    const end = music.offsetSamples + music.lengthSamples;
    this.#music = all.subarray(music.offsetSamples, end);
  }

  /** Names of all recordings that can be told apart. */
  get names(): readonly string[] {
    return this.#clips.map((clip) => clip.name);
  }

  /** The name under which a recording is reported. */
  nameOf(name: string): string {
    return this.#names.get(name) ?? name;
  }

  /** The recordings in a stretch of audio (int16, 8000 Hz) that begins on a packet boundary. */
  listen(samples: Int16Array): readonly HeardClip[] {
    const tape = { samples, energyUpTo: energies(samples) };
    const found: HeardClip[] = [];
    let at = 0;
    while (at + FRAME_SAMPLES <= samples.length) {
      const best = this.#find(tape, at);
      if (best === null) {
        at = (Math.floor(at / FRAME_SAMPLES) + 1) * FRAME_SAMPLES;
        continue;
      }
      const { clip, share, lengthSamples } = best;
      found.push({ clip: clip.name, atMs: at / 8, share });
      at += lengthSamples;
      if (share === 'cut') at = Math.ceil(at / FRAME_SAMPLES) * FRAME_SAMPLES;
    }
    return found;
  }

  /** Whether a frame of audio is a piece of the music on hold at full volume. */
  isMusic(heard: Int16Array): boolean {
    const music = this.#music;
    const probe = heard.slice(0, FRAME_SAMPLES);
    const tape = { samples: music, energyUpTo: energies(music) };
    const frame = frameAt(probe, 0);
    if (frame.energy < SILENT_RMS * SILENT_RMS * FRAME_SAMPLES) return false;
    for (let at = 0; at + FRAME_SAMPLES <= music.length; at += 1) {
      if (isSame(tape, at, { known: probe, frame })) return true;
    }
    return false;
  }

  #find(
    tape: Tape,
    at: number,
  ): {
    readonly clip: KnownClip;
    readonly share: 'whole' | 'cut';
    readonly lengthSamples: number;
  } | null {
    if (isSilent(tape, at, this.#leadSamples)) return null;
    const likely = this.#clips
      .filter((clip) => clip.probes.some((probe) => isSameFrame(tape, at, { clip, frame: probe })))
      .map((clip) => compare(tape, at, clip));
    const whole = likely
      .filter(({ clip, same }) => same >= WHOLE_SHARE * clip.loud.length)
      .reduce(longer, null);
    const cut = likely.reduce(longerRun, null);
    const rival = likely.filter((each) => each !== cut).reduce(longerRun, null);
    if (whole !== null && (cut === null || whole.same >= cut.run)) {
      return { clip: whole.clip, share: 'whole', lengthSamples: whole.clip.samples.length };
    }
    if (cut === null || cut.run < 1) return null;
    const isUnique = cut.run >= UNIQUE_FRAMES && (rival?.run ?? 0) + SPOILT_FRAMES < cut.run;
    if (!isUnique && cut.run < CUT_SHARE * cut.clip.loud.length) return null;
    const last = cut.clip.loud[cut.run - 1]?.offset ?? 0;
    return { clip: cut.clip, share: 'cut', lengthSamples: last + FRAME_SAMPLES };
  }
}

function study(name: string, samples: Int16Array): KnownClip {
  const frames = Array.from({ length: Math.floor(samples.length / FRAME_SAMPLES) }, (_, index) =>
    frameAt(samples, index * FRAME_SAMPLES),
  );
  const loud = frames.filter(({ energy }) => energy >= LOUD_RMS * LOUD_RMS * FRAME_SAMPLES);
  const third = Math.ceil(loud.length / 3);
  const probes = [0, 1, 2].flatMap((part) =>
    loud
      .slice(part * third, (part + 1) * third)
      .toSorted((one, other) => other.energy - one.energy)
      .slice(0, 1),
  );
  return { name, samples, loud, probes };
}

function frameAt(samples: Int16Array, offset: number): Frame {
  const energy = sumOfSquares(samples.subarray(offset, offset + FRAME_SAMPLES));
  const part = (length: number): number =>
    sumOfSquares(samples.subarray(offset, offset + length)) / Math.max(1, energy);
  return { offset, energy, quarter: part(FRAME_SAMPLES / 4), half: part(FRAME_SAMPLES / 2) };
}

function compare(tape: Tape, at: number, clip: KnownClip): Likeness {
  let same = 0;
  let run = 0;
  let spoilt = 0;
  for (const [index, frame] of clip.loud.entries()) {
    if (!isSameFrame(tape, at, { clip, frame })) {
      spoilt += 1;
      continue;
    }
    same += 1;
    if (spoilt <= SPOILT_FRAMES) run = index + 1;
  }
  return { clip, same, run };
}

function isSameFrame(
  tape: Tape,
  at: number,
  known: { readonly clip: KnownClip; readonly frame: Frame },
): boolean {
  const { clip, frame } = known;
  return isSame(tape, at + frame.offset, { known: clip.samples, frame });
}

/** Normalised correlation of one frame, after a look at how its energy is spread, which costs next to nothing. */
function isSame(
  tape: Tape,
  at: number,
  { known, frame }: { readonly known: Int16Array; readonly frame: Frame },
): boolean {
  const { samples, energyUpTo } = tape;
  const start = energyUpTo[at] ?? 0;
  const energy = (energyUpTo[at + FRAME_SAMPLES] ?? 0) - start;
  if (energy < SILENT_RMS * SILENT_RMS * FRAME_SAMPLES) return false;
  const quarter = ((energyUpTo[at + FRAME_SAMPLES / 4] ?? 0) - start) / energy;
  const half = ((energyUpTo[at + FRAME_SAMPLES / 2] ?? 0) - start) / energy;
  if (Math.abs(quarter - frame.quarter) > SPREAD) return false;
  if (Math.abs(half - frame.half) > SPREAD) return false;
  let dot = 0;
  for (let index = 0; index < FRAME_SAMPLES; index += 1) {
    dot += (samples[at + index] ?? 0) * (known[frame.offset + index] ?? 0);
  }
  return dot > 0 && dot * dot >= SAME * SAME * energy * frame.energy;
}

function isSilent(tape: Tape, at: number, lengthSamples: number): boolean {
  const { energyUpTo, samples } = tape;
  const end = Math.min(samples.length, at + lengthSamples);
  const energy = (energyUpTo[end] ?? 0) - (energyUpTo[at] ?? 0);
  return energy < SILENT_RMS * SILENT_RMS * FRAME_SAMPLES;
}

function energies(samples: Int16Array): Float64Array {
  const energyUpTo = new Float64Array(samples.length + 1);
  let sum = 0;
  for (let index = 0; index < samples.length; index += 1) {
    const sample = samples[index] ?? 0;
    sum += sample * sample;
    energyUpTo[index + 1] = sum;
  }
  return energyUpTo;
}

function sumOfSquares(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return sum;
}

function longer(best: Likeness | null, each: Likeness): Likeness {
  return best !== null && best.same >= each.same ? best : each;
}

function longerRun(best: Likeness | null, each: Likeness): Likeness {
  return best !== null && best.run >= each.run ? best : each;
}
