/** A frame this far above the noise floor may be speech. */
const SPEECH_ABOVE_FLOOR_DB = 10;
/** Nothing below this is speech, however quiet the line is. */
const SPEECH_MIN_DBOV = -55;
/** The floor never rises above this, so that somebody who talks without a pause stays a talker. */
const FLOOR_MAX_DBOV = -42;
const FLOOR_START_DBOV = -65;
/** The floor follows a quieter line within some 100 ms and a louder one by 2 dB per second. */
const FLOOR_FALL = 0.2;
const FLOOR_RISE_DB_PER_FRAME = 0.04;
/** One loud frame is a click; two are an onset (40 ms). */
const ONSET_FRAMES = 2;
/** Pauses within a sentence do not end it: 400 ms. */
const HANGOVER_FRAMES = 20;

/**
 * Decides whether somebody speaks on a leg, from frame levels against the leg's own noise floor: 40 ms after the onset,
 * until 400 ms after the last loud frame. For displays, events and the choice of quiet moments; it never gates audio.
 */
export class VoiceActivity {
  /** The decision now. */
  activity: 'speech' | 'quiet' = 'quiet';
  /** Noise floor of the leg as estimated, dBov. */
  floorDbov = FLOOR_START_DBOV;
  #loudFrames = 0;
  #hangoverFrames = 0;

  /** Takes the level of the next 20 ms frame, dBov, and returns the decision. */
  frame(levelDbov: number): 'speech' | 'quiet' {
    this.#followFloor(levelDbov);
    const loud =
      levelDbov >= SPEECH_MIN_DBOV && levelDbov >= this.floorDbov + SPEECH_ABOVE_FLOOR_DB;
    this.#loudFrames = loud ? this.#loudFrames + 1 : 0;
    if (this.#loudFrames >= ONSET_FRAMES) this.#hangoverFrames = HANGOVER_FRAMES;
    else if (loud && this.activity === 'speech') this.#hangoverFrames = HANGOVER_FRAMES;
    else if (this.#hangoverFrames > 0) this.#hangoverFrames -= 1;
    this.activity = this.#hangoverFrames > 0 ? 'speech' : 'quiet';
    return this.activity;
  }

  #followFloor(levelDbov: number): void {
    if (levelDbov < this.floorDbov) {
      // Digital silence (a muted phone) says nothing about the room the phone is in.
      if (levelDbov > -90) this.floorDbov += (levelDbov - this.floorDbov) * FLOOR_FALL;
    } else if (this.floorDbov < FLOOR_MAX_DBOV) {
      this.floorDbov += FLOOR_RISE_DB_PER_FRAME;
    }
  }
}
