/** Where and why a text is not JSON. Lines and columns count from 1. */
export interface JsonFault {
  readonly line: number;
  readonly column: number;
  /** What is wrong there, as the end of a sentence. */
  readonly reason: string;
}

/** Deeper nesting than this is refused. */
const DEEPEST = 64;

const BLANK = /[ \t\r\n]*/uy;
// Control characters must be escaped: \P{Cc} is all but those, and DEL to U+009F, which JSON allows.
const STRING = /"(?:(?!["\\])\P{Cc}|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const SCALAR =
  /(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)(?![\w.])/uy;

/**
 * Finds the first place where a text breaks the grammar of RFC 8259, or names a key twice in one object, which
 * `JSON.parse` lets pass in silence. Null when the text is sound.
 */
export function findJsonFault(source: string): JsonFault | null {
  try {
    new Scanner(source).document();
    return null;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    const lines = source.slice(0, error.offset).split('\n');
    return { line: lines.length, column: (lines.at(-1) ?? '').length + 1, reason: error.reason };
  }
}

/** Leaves the recursion; never seen outside this file. */
class Stop extends Error {
  readonly offset: number;
  readonly reason: string;

  constructor(offset: number, reason: string) {
    super(reason);
    this.offset = offset;
    this.reason = reason;
  }
}

class Scanner {
  readonly #source: string;
  #offset = 0;

  constructor(source: string) {
    this.#source = source;
  }

  document(): void {
    this.#value(0);
    this.#match(BLANK);
    if (this.#offset < this.#source.length) this.#fail('the text should end here');
  }

  #value(depth: number): void {
    if (depth > DEEPEST) this.#fail('there are too many levels');
    this.#match(BLANK);
    if (this.#take('{')) this.#object(depth);
    else if (this.#take('[')) this.#list(depth);
    else if (this.#match(STRING) === null && this.#match(SCALAR) === null)
      this.#fail(this.#badValue());
  }

  #object(depth: number): void {
    const keys = new Set<string>();
    this.#match(BLANK);
    if (this.#take('}')) return;
    do {
      this.#match(BLANK);
      const startsAt = this.#offset;
      const key = this.#match(STRING);
      if (key === null) this.#fail(this.#badKey());
      else if (keys.has(key)) throw new Stop(startsAt, `the key ${key} is there already`);
      else keys.add(key);
      this.#match(BLANK);
      if (!this.#take(':')) this.#fail('a colon is missing before the value');
      this.#value(depth + 1);
      this.#match(BLANK);
    } while (this.#take(','));
    if (!this.#take('}')) this.#fail('a comma or } is missing');
  }

  #list(depth: number): void {
    this.#match(BLANK);
    if (this.#take(']')) return;
    do {
      this.#value(depth + 1);
      this.#match(BLANK);
    } while (this.#take(','));
    if (!this.#take(']')) this.#fail('a comma or ] is missing');
  }

  #badKey(): string {
    const next = this.#source.charAt(this.#offset);
    if (next === '}') return 'there is a comma too many before }';
    if (next === '/' || next === '#') return 'JSON has no comments';
    return next === "'" ? 'use double quotes' : 'a key in double quotes is missing';
  }

  #badValue(): string {
    const next = this.#source.charAt(this.#offset);
    if (next === ']' || next === '}') return `a value is missing before ${next}`;
    if (next === '/' || next === '#') return 'JSON has no comments';
    if (next === '"') return 'this text has no end, a line break or a wrong escape in it';
    return next === "'" ? 'use double quotes' : 'a value is missing';
  }

  #take(mark: string): boolean {
    if (this.#source.charAt(this.#offset) !== mark) return false;
    this.#offset += 1;
    return true;
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#offset;
    const found = pattern.exec(this.#source)?.[0] ?? null;
    this.#offset += found?.length ?? 0;
    return found;
  }

  #fail(reason: string): never {
    const atEnd = this.#offset >= this.#source.length;
    throw new Stop(this.#offset, atEnd ? 'the file ends too early' : reason);
  }
}
