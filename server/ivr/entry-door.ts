import { ask } from './asking.ts';
import type { EntryTime } from './entry-message.ts';
import type { Admission, EntryContext, EntryState, EntryStep, Question } from './entry-state.ts';
import { leave } from './leaving.ts';

/** Whoever may enter: now, later, or not any more. */
export function approach(admission: Admission, time: EntryTime, context: EntryContext): EntryStep {
  switch (time.time) {
    case 'open':
      return enter(admission, 'refuse');
    case 'over':
      return leave('over', [{ say: 'reservation-over' }], context);
    case 'too-early': {
      const { startAtMs, zone, opensInMs, mayWait } = time;
      if (mayWait === 'may-not-wait') {
        return leave('too-early', [{ say: 'too-early', startAtMs, zone }], context);
      }
      const opensAtMs = context.nowMs + opensInMs;
      return ask({ ask: 'wait', time, opensAtMs, admission }, [], context);
    }
  }
}

/** Asks to be let into the room. */
export function enter(admission: Admission, whenFull: 'refuse' | 'remove-last'): EntryStep {
  return {
    state: { state: 'entering', admission, whenFull },
    actions: [{ type: 'enter', ...admission, whenFull }],
  };
}

/** **1** was pressed at the offer to wait: music until the room opens, which it may have done meanwhile. */
export function wait(
  question: Extract<Question, { readonly ask: 'wait' }>,
  context: EntryContext,
): EntryStep {
  const { admission, opensAtMs } = question;
  if (context.nowMs >= opensAtMs) return enter(admission, 'refuse');
  return {
    state: { state: 'waiting', admission, untilMs: opensAtMs },
    actions: [
      { type: 'say', utterances: [{ say: 'waiting-for-start' }], interruptible: 'by-key' },
      { type: 'music', music: 'on' },
    ],
  };
}

/** The room has opened for a caller who waited. */
export function stopWaiting(admission: Admission): EntryStep {
  const step = enter(admission, 'refuse');
  return { ...step, actions: [{ type: 'music', music: 'off' }, ...step.actions] };
}

/**
 * The room did not let the caller in. A moderator may make room once; when even that fails, there is nobody whom
 * a moderator could remove.
 */
export function notEntered(
  entering: Extract<EntryState, { readonly state: 'entering' }>,
  why: 'locked' | 'full' | 'over',
  context: EntryContext,
): EntryStep {
  const { admission, whenFull } = entering;
  switch (why) {
    case 'locked':
      return leave('locked', [{ say: 'room-locked' }], context);
    case 'over':
      return leave('over', [{ say: 'reservation-over' }], context);
    case 'full':
      return admission.role === 'moderator' && whenFull === 'refuse'
        ? ask({ ask: 'removal', admission }, [], context)
        : leave('full', [{ say: 'room-full' }], context);
  }
}
