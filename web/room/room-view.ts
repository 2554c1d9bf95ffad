import type { SeatAnswer } from '../../server/panel/api/guest-api.ts';
import type { Announcement } from './announcements.ts';
import type { Device } from './device-choice.ts';
import type { LiveState } from './live-state.ts';
import type { MicrophoneMode } from './microphone-state.ts';
import type { MicrophoneProblem } from './microphone-problem.ts';
import type { Quality, QualityCause } from './quality.ts';
import type { ReconnectState } from './reconnect.ts';

/** What became of the microphone during the call, to be told. */
export type MicrophoneNews =
  | { readonly news: 'none' }
  /** It was unplugged and another one is used. */
  | { readonly news: 'switched'; readonly name: string }
  | { readonly news: 'problem'; readonly problem: MicrophoneProblem }
  /** By a key of the device itself, or its system. */
  | { readonly news: 'silenced-by-device' };

/** All that the page of a room shows. */
export interface RoomView {
  readonly seat: SeatAnswer;
  readonly way: ReconnectState;
  /** Whether the audio was ever up. */
  readonly entered: 'no' | 'yes';
  readonly live: LiveState;
  /** Of the list: while it is lost what is shown may be old. */
  readonly feed: 'open' | 'lost';
  readonly microphone: MicrophoneMode;
  readonly device: Device;
  readonly speaker: Device | null;
  readonly news: MicrophoneNews;
  readonly talkingWhileMuted: 'no' | 'yes';
  readonly sound: 'on' | 'blocked';
  readonly quality: { readonly quality: Quality; readonly cause: QualityCause };
  /** How often the server has refused a click of ours, other than on the microphone. */
  readonly refusals: number;
  /** Said to screen readers; `number` tells one from the next. */
  readonly said: { readonly number: number; readonly announcements: readonly Announcement[] };
}
