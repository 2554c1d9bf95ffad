/** What a peer reports as lost of what we sent it. */
export interface LossReport {
  /** Since its last report, 0–100. */
  readonly lossPercent: number;
}

/** Losses that FEC is sized for: beyond it, repeating more costs more than it mends. */
const MAX_EXPECTED_LOSS_PERCENT = 25;
/** From so much loss on the network may be short of room: the bitrate gives way. */
const CROWDED_PERCENT = 8;
/** Below so much all is well. */
const WELL_PERCENT = 2;
/** Steps of the bitrate, in per cent of what the config says: down at once, up slowly. */
const STEP_DOWN_PERCENT = 15;
const STEP_UP_PERCENT = 5;
const MIN_BITRATE_PERCENT = 50;

/**
 * Fits one stream of Opus to what its listener loses. Reports come every few seconds: expected loss rises to what is
 * reported at once and falls by a quarter with each better report; the bitrate goes down while a lot is lost and comes
 * back in small steps once little is.
 */
export class LossAdaptation {
  /** What FEC is to be sized for, 0–25. */
  expectedLossPercent = 0;
  /** What remains of the configured bitrate, 50–100. */
  bitratePercent = 100;

  /** Takes a report. */
  report({ lossPercent }: LossReport): void {
    const loss = Math.min(MAX_EXPECTED_LOSS_PERCENT, Math.max(0, Math.ceil(lossPercent)));
    const fallen = Math.floor((this.expectedLossPercent * 3) / 4);
    this.expectedLossPercent = Math.max(loss, fallen);
    if (lossPercent >= CROWDED_PERCENT) this.#turn(-STEP_DOWN_PERCENT);
    else if (lossPercent < WELL_PERCENT) this.#turn(STEP_UP_PERCENT);
  }

  #turn(percent: number): void {
    const turned = this.bitratePercent + percent;
    this.bitratePercent = Math.min(100, Math.max(MIN_BITRATE_PERCENT, turned));
  }
}
