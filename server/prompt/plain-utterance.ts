import type { Utterance } from './utterance.ts';

/** An utterance without parameters: one recording says it. */
type Plain<U extends Utterance> = U extends Utterance
  ? Exclude<keyof U, 'say'> extends never
    ? U['say']
    : never
  : never;

/**
 * Names of the utterances that are said by one recording of the same name. Not among them are those that share
 * sentences, such as help: one for each key.
 */
export type PlainUtteranceName = Exclude<
  Plain<Utterance>,
  | 'menu-join-or-create'
  | 'new-number-too-simple'
  | 'new-pin-too-simple'
  | 'help-participant'
  | 'help-moderator'
>;
