import { AccountRefusal } from './account-refusal.ts';
import { COMMON_PASSWORDS } from './common-passwords.ts';

/** What a new password is judged by. */
export interface PasswordTerms {
  readonly password: string;
  readonly email: string;
  readonly name: string;
  /** `accounts.passwordCharacters`. */
  readonly shortest: number;
  /** Where the field is in the body. Default `/password`. */
  readonly pointer?: string;
}

/** Longest password, in UTF-16 units; longer ones only cost time. */
const LONGEST = 1000;

/** Words so short as `Jo` are in many good passwords: only the whole password may not be one. */
const PRODUCT = 'konfa';

/**
 * Refuses passwords that are guessed first. Length and a list of the commonest, no rules of composition: NIST
 * SP 800-63B §5.1.1.2. Characters are counted as people see them, after NFKC.
 * @throws AccountRefusal `weak-password` with facts.reason too-short, too-long, too-common or like-your-address.
 */
export function checkNewPassword(terms: PasswordTerms): void {
  const reason = weakness(terms);
  if (reason === null) return;
  throw new AccountRefusal('weak-password', {
    pointer: terms.pointer ?? '/password',
    facts: { reason, shortest: terms.shortest, longest: LONGEST },
  });
}

type Weakness = 'too-short' | 'too-long' | 'too-common' | 'like-your-address';

function weakness({ password, email, name, shortest }: PasswordTerms): Weakness | null {
  if (password.length > LONGEST) return 'too-long';
  const plain = password.normalize('NFKC');
  if (Array.from(plain).length < shortest) return 'too-short';
  const folded = plain.toLowerCase();
  const own = [email, email.split('@')[0] ?? '', name].flatMap(spellings);
  if (spellings(folded).some((spelling) => own.includes(spelling))) return 'like-your-address';
  return isCommon(folded) ? 'too-common' : null;
}

/** In lower case: as it is, without what separates words, and that without digits and marks around it. */
function spellings(text: string): readonly string[] {
  const folded = text.normalize('NFKC').toLowerCase();
  const joined = folded.replace(/[\s._-]+/gu, '');
  return [folded, joined, bare(joined)].filter((spelling) => spelling !== '');
}

function bare(text: string): string {
  return text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
}

function isCommon(folded: string): boolean {
  const letters = Array.from(folded);
  if (new Set(letters).size <= 2 || bare(folded) === PRODUCT || isRepeated(folded)) return true;
  if (isRun(letters)) return true;
  const unmarked = folded.replace(/[!?.*#]+$/u, '');
  return [folded, unmarked].some((spelling) => COMMON_PASSWORDS.has(spelling));
}

/** `konfakonfa`, `haslohaslohaslo`, `123412341234`: a piece of at most six characters, again and again. */
function isRepeated(text: string): boolean {
  return /^(.{1,6}?)\1+$/u.test(text);
}

/** Each character follows the one before, up or down: `abcdefghijkl`, `9876543210`. */
function isRun(letters: readonly string[]): boolean {
  const codes = letters.map((letter) => letter.codePointAt(0) ?? 0);
  const steps = codes.slice(1).map((code, index) => code - (codes[index] ?? 0));
  const [first] = steps;
  return (first === 1 || first === -1) && steps.every((step) => step === first);
}
