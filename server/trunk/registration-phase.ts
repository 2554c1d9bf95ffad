import type { MonotonicMs } from '../../mixer/protocol/units.ts';
import type { Destination } from '../sip/locate/locate.ts';
import type { SipFlow } from '../sip/user-agent.ts';
import type { Asked } from './register-sender.ts';
import type { TakeBack } from './take-back.ts';

/*
 *            ┌────────────────────── time ────────────────────────┐
 *            ▼                                                    │
 *  idle ─▶ locating ─▶ asking ─2xx─▶ waiting(refresh) ────────────┤
 *            │           │  ▲ └ 401, 423: again                   │
 *            │           │  └── next destination                  │
 *            └───────────┴─ none left ─▶ waiting(back-off) ───────┤
 *                        └─ 403, wrong password ─▶ waiting(refused)
 *
 *  any ─stop─▶ taking-back ─▶ stopped
 */

/** What a registration is doing. */
export type Phase =
  | { readonly state: 'idle' | 'locating' | 'stopped' }
  | { readonly state: 'asking'; readonly asked: Asked }
  | {
      readonly state: 'waiting';
      readonly why: 'refresh' | 'back-off' | 'refused';
      readonly untilMs: MonotonicMs;
    }
  | { readonly state: 'taking-back'; readonly takeBack: TakeBack };

/** Where the registrar sends calls to, and until when. */
export interface Binding {
  readonly untilMs: MonotonicMs;
  /** Since when the flow has stood. */
  readonly sinceMs: MonotonicMs;
  readonly destination: Destination;
  /** What the registrar sends calls over, or towards. */
  readonly flow: SipFlow;
  readonly contact: string;
  /** Service-Route, for calls of ours. */
  readonly routeSet: readonly string[];
}
