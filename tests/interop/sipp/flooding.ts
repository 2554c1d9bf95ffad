import {
  answered,
  ask,
  count,
  goTo,
  label,
  linger,
  mustBear,
  sippScenario,
  wait,
} from '../sipp-scenario.ts';

/** Counters of `CALLS_OR_IS_REFUSED`. */
export const TAKEN = 'taken';
export const REFUSED = 'refused';

/** Holds each call that is taken for so long; one that is refused must be told when to come again. */
export function callsOrIsRefused(holdMs: number): string {
  return sippScenario(
    'calls-or-is-refused',
    ask({ method: 'INVITE', cseq: 1, sdp: 'sendrecv', repeated: 'until-answered' }),
    answered(100, { optional: true }),
    answered(503, {
      optional: true,
      next: 'refused',
      actions: [mustBear('Retry-After', '[1-9][0-9]*', 'retry')],
    }),
    answered(200, { keepRoute: true }),
    ask({ method: 'ACK', cseq: 1 }),
    count(TAKEN),
    wait(holdMs),
    ask({ method: 'BYE', cseq: 2, repeated: 'until-answered' }),
    answered(200),
    goTo('end'),
    label('refused'),
    ask({ method: 'ACK', cseq: 1, toTag: 'with', branch: 'of-invite' }),
    count(REFUSED),
    label('end'),
    linger(1000),
  );
}
