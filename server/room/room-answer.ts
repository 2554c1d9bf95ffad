import type { Utterance } from '../prompt/utterance.ts';
import type { ClickOutcome, RoomOutput, SaidBy } from './room-message.ts';
import type { Participant, RoomState } from './room-state.ts';

/** What an action came to, however it was said. */
export interface ActionStep {
  readonly room: RoomState;
  readonly outputs: readonly RoomOutput[];
  readonly answer: Answer;
}

/** What whoever acted learns: `heard` after a key (null: nothing is said now), `clicked` after a click. */
export interface Answer {
  readonly heard: Utterance | null;
  readonly clicked: ClickOutcome;
}

/** An action that was done, or left as it was because it was so already. */
export function done(
  room: RoomState,
  outputs: readonly RoomOutput[],
  heard: Utterance | null,
): ActionStep {
  return { room, outputs, answer: { heard, clicked: 'done' } };
}

/** An action that was refused, or that met nobody. */
export function refuse(
  room: RoomState,
  clicked: Exclude<ClickOutcome, 'done'>,
  heard: Utterance,
): ActionStep {
  return { room, outputs: [], answer: { heard, clicked } };
}

/** Everything that follows from an action: a click is answered before its effects, a key after them. */
export function withAnswer(
  step: ActionStep,
  actor: Participant,
  said: SaidBy,
): readonly RoomOutput[] {
  const { heard, clicked } = step.answer;
  if (said.by === 'click') {
    return [{ type: 'clicked', clickId: said.clickId, outcome: clicked }, ...step.outputs];
  }
  return heard === null ? step.outputs : [...step.outputs, tell(actor, heard)];
}

/** Words to one person. */
export function tell({ participantId }: Participant, utterance: Utterance): RoomOutput {
  return { type: 'say', participantId, utterance };
}

/** A line of the log about what somebody did. */
export function note(message: string, { participantId }: Participant): RoomOutput {
  return { type: 'note', message, participantId };
}
