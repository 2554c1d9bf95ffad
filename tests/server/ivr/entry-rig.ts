import type { DtmfKey } from '../../../mixer/protocol/dtmf.ts';
import { DTMF_KEYS } from '../../../mixer/protocol/dtmf.ts';
import type { EntryDialogue } from '../../../server/ivr/entry-dialogue.ts';
import { createEntryDialogue } from '../../../server/ivr/entry-dialogue.ts';
import type {
  EntryAction,
  EntryInput,
  EntryPoint,
  PinVerdict,
} from '../../../server/ivr/entry-message.ts';
import type { EntryOptions } from '../../../server/ivr/entry-options.ts';
import { DEFAULT_ENTRY_OPTIONS } from '../../../server/ivr/entry-options.ts';
import type { RoomTerms } from '../../../server/reservation/reservation.ts';

/** A reservation's room: number 12321, PIN 54345, ADMIN PIN 7654367. */
export const TERMS: RoomTerms = {
  roomId: 'room-1',
  origin: 'reservation',
  number: '12321',
  pin: '54345',
  adminPin: '7654367',
  name: 'Test',
  maxParticipants: 30,
  startAtMs: 1_000_000,
  opensAtMs: 700_000,
  endAtMs: 9_000_000,
  zone: 'Europe/Warsaw',
  announcements: 'tone',
};

/** The menu, with and without **2**. */
export const MENU: EntryPoint = { type: 'menu', createByPhone: 'allowed' };
export const MENU_JOIN_ONLY: EntryPoint = { type: 'menu', createByPhone: 'not-allowed' };

/** A verdict that opens the room now. */
export function right(role: 'participant' | 'moderator'): PinVerdict {
  return { verdict: 'right', role, terms: TERMS, time: { time: 'open' } };
}

/** What stands behind a dialogue and answers its questions at once. Leave one out to leave it unanswered. */
export interface Desk {
  readonly number?: (number: string) => Extract<EntryInput, { type: 'number-checked' }>;
  readonly pin?: (pin: string) => PinVerdict;
  readonly newNumber?: (number: string) => 'free' | 'taken' | 'too-simple';
  readonly make?: (number: string, pin: string) => EntryInput;
  readonly door?: (whenFull: 'refuse' | 'remove-last') => EntryInput | undefined;
}

/** The desk of `TERMS`: everything else is unknown or wrong, every new room can be made, everybody is let in. */
export const DESK = {
  number: (number: string) => ({
    type: 'number-checked' as const,
    outcome: number === TERMS.number ? ('known' as const) : ('unknown' as const),
  }),
  pin: (pin: string): PinVerdict => {
    if (pin === TERMS.pin) return right('participant');
    return pin === TERMS.adminPin ? right('moderator') : { verdict: 'wrong', delayMs: 0 };
  },
  newNumber: () => 'free' as const,
  make: (number: string): EntryInput => ({
    type: 'room-made',
    terms: { ...TERMS, number, origin: 'phone' },
  }),
  door: (): EntryInput => ({ type: 'entered' }),
} satisfies Desk;

/** The same desk with one verdict on every PIN. */
export function verdictDesk(verdict: PinVerdict): Desk {
  return { ...DESK, pin: () => verdict };
}

/** What a rig is made of. */
export interface RigOptions {
  readonly entryPoint?: EntryPoint;
  readonly desk?: Desk;
  readonly options?: Partial<EntryOptions>;
}

/**
 * A caller and a dialogue. A script is words in a row: keys (`12321#`), `.` for the end of what is said, `~7000` for
 * milliseconds that pass, `!` for the start of the call. Everything the dialogue does becomes a line.
 */
export class EntryRig {
  readonly dialogue: EntryDialogue;
  readonly lines: string[] = [];
  readonly actions: EntryAction[] = [];
  readonly #desk: Desk;
  readonly #entryPoint: EntryPoint;
  nowMs = 1000;

  constructor(options: RigOptions = {}) {
    this.dialogue = createEntryDialogue({ ...DEFAULT_ENTRY_OPTIONS, ...options.options });
    this.#desk = options.desk ?? DESK;
    this.#entryPoint = options.entryPoint ?? MENU;
  }

  /** Plays a script and returns the lines it caused. */
  play(script: string): readonly string[] {
    const before = this.lines.length;
    for (const word of script.split(' ')) this.#word(word);
    return this.lines.slice(before);
  }

  feed(input: EntryInput | { readonly type: 'timeout' }): void {
    for (const action of this.dialogue.handle(input, this.nowMs)) this.#perform(action);
  }

  /** Lets time pass, keeping the dialogue's deadlines on the way. */
  wait(durationMs: number): void {
    const untilMs = this.nowMs + durationMs;
    for (let turn = 0; turn < 100 && this.dialogue.deadlineMs <= untilMs; turn += 1) {
      this.nowMs = Math.max(this.nowMs, this.dialogue.deadlineMs);
      this.feed({ type: 'timeout' });
    }
    this.nowMs = untilMs;
  }

  #word(word: string): void {
    if (word === '!') return this.feed({ type: 'start', entryPoint: this.#entryPoint });
    if (word === '.') return this.feed({ type: 'said' });
    if (word.startsWith('~')) return this.wait(Number(word.slice(1)));
    for (const sign of word) this.feed({ type: 'key', key: keyOf(sign) });
  }

  #perform(action: EntryAction): void {
    this.actions.push(action);
    this.lines.push(lineOf(action));
    const answer = this.#answer(action);
    if (answer !== undefined) this.feed(answer);
  }

  #answer(action: EntryAction): EntryInput | undefined {
    switch (action.type) {
      case 'check-number':
        return this.#desk.number?.(action.number);
      case 'check-pin': {
        const verdict = this.#desk.pin?.(action.pin);
        return verdict === undefined ? undefined : { type: 'pin-checked', verdict };
      }
      case 'check-new-number': {
        const outcome = this.#desk.newNumber?.(action.number);
        return outcome === undefined ? undefined : { type: 'new-number-checked', outcome };
      }
      case 'make-room':
        return this.#desk.make?.(action.number, action.pin);
      case 'enter':
        return this.#desk.door?.(action.whenFull);
      default:
        return undefined;
    }
  }
}

function keyOf(sign: string): DtmfKey {
  const key = DTMF_KEYS.find((candidate) => candidate === sign);
  if (key === undefined) throw new Error(`not a key: ${sign}`);
  return key;
}

function lineOf(action: EntryAction): string {
  switch (action.type) {
    case 'say':
      return `says ${action.utterances.map((utterance) => utterance.say).join(' ')}`;
    case 'stop-saying':
      return 'stops';
    case 'music':
      return `music ${action.music}`;
    case 'check-number':
      return `number ${action.number}?`;
    case 'check-pin':
      return `pin ${action.pin}?`;
    case 'check-new-number':
      return `new number ${action.number}?`;
    case 'make-room':
      return `makes ${action.number} ${action.pin}`;
    case 'enter':
      return `enters as ${action.role} ${action.tie} ${action.whenFull}`;
    case 'hang-up':
      return `hangs up ${action.why}`;
  }
}
