import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

import { AccountRefusal } from './account-refusal.ts';

/** What came of a check. `renew`: the hash was made with other parameters than today's and should be made anew. */
export type PasswordCheck =
  { readonly result: 'wrong' } | { readonly result: 'right'; readonly renew: boolean };

/** Checks passwords and makes hashes of them, on the thread pool. */
export interface Passwords {
  /**
   * A PHC string of the password.
   * @throws AccountRefusal `busy` when too many wait.
   */
  hash(password: string): Promise<string>;
  /**
   * Whether the password is the one of `phc`; null: there is no account, and it takes as long to say no. `known`:
   * somebody has logged in from this device before, and passes those who wait.
   * @throws AccountRefusal `busy` when too many wait.
   */
  verify(password: string, phc: string | null, device: 'known' | 'unknown'): Promise<PasswordCheck>;
}

/** Cost of scrypt, RFC 7914 §2: N = 2^`logN`. It needs 128·N·r bytes while it runs. */
export interface ScryptCost {
  readonly logN: number;
  readonly blockSize: number;
  readonly parallelization: number;
}

/**
 * OWASP, Password Storage Cheat Sheet: N = 2^16, r = 8, p = 2, as strong as N = 2^17 with p = 1 and with half the
 * memory (64 MiB), which the audio of running calls is glad of.
 */
export const DEFAULT_SCRYPT_COST: ScryptCost = { logN: 16, blockSize: 8, parallelization: 2 };

/** Half of libuv's four threads: files and name look-ups go on. */
const MOST_AT_ONCE = 2;
/** Waiting ones; strangers are refused sooner, so that a flood leaves room for known devices. */
const MOST_WAITING = 32;
const MOST_WAITING_STRANGERS = 24;
const BUSY_RETRY_SECONDS = 5;

const SALT_BYTES = 16;
const KEY_BYTES = 32;

/** No hash of ours costs more; what claims to is damaged, and must not take all memory. */
const HIGHEST_COST: ScryptCost = { logN: 20, blockSize: 32, parallelization: 16 };

const PHC =
  /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{1,86})\$([A-Za-z0-9+/]{1,86})$/u;

/** Makes the checker. `cost`: of new hashes; older ones are checked at the cost they were made with. */
export function createPasswords(cost: ScryptCost = DEFAULT_SCRYPT_COST): Passwords {
  const waiting = createQueue();
  // A hash that no password fits: what is checked when there is no account.
  const nobody: StoredHash = { cost, salt: randomBytes(SALT_BYTES), key: randomBytes(KEY_BYTES) };

  async function hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    const key = await waiting.run('unknown', () => derive(password, salt, cost));
    return writePhc({ cost, salt, key });
  }

  async function verify(
    password: string,
    phc: string | null,
    device: 'known' | 'unknown',
  ): Promise<PasswordCheck> {
    const stored = phc === null ? nobody : (readPhc(phc) ?? nobody);
    const key = await waiting.run(device, () => derive(password, stored.salt, stored.cost));
    const isRight =
      key.length === stored.key.length && timingSafeEqual(key, stored.key) && stored !== nobody;
    return isRight
      ? { result: 'right', renew: !isSameCost(stored.cost, cost) }
      : { result: 'wrong' };
  }

  return { hash, verify };
}

interface StoredHash {
  readonly cost: ScryptCost;
  readonly salt: Buffer;
  readonly key: Buffer;
}

/** The same characters typed on two systems may come in other code points: NFKC, as NIST SP 800-63B §5.1.1.2 asks. */
function derive(password: string, salt: Buffer, cost: ScryptCost): Promise<Buffer> {
  const { logN, blockSize, parallelization } = cost;
  const maxmem = 128 * blockSize * (2 ** logN + parallelization + 2);
  const options = { N: 2 ** logN, r: blockSize, p: parallelization, maxmem };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

/** Runs at most `MOST_AT_ONCE`; known devices come before strangers, and each in the order they came. */
function createQueue(): {
  run<T>(device: 'known' | 'unknown', work: () => Promise<T>): Promise<T>;
} {
  const known: (() => void)[] = [];
  const strangers: (() => void)[] = [];
  let running = 0;

  function turn(device: 'known' | 'unknown'): Promise<void> {
    const all = known.length + strangers.length;
    if (all >= (device === 'known' ? MOST_WAITING : MOST_WAITING_STRANGERS)) {
      throw new AccountRefusal('busy', { retryAfterSeconds: BUSY_RETRY_SECONDS });
    }
    return new Promise((resolve) => (device === 'known' ? known : strangers).push(resolve));
  }

  return {
    async run(device, work) {
      // A place that is handed on is never free in between, so nobody slips in.
      if (running >= MOST_AT_ONCE) await turn(device);
      else running += 1;
      try {
        return await work();
      } finally {
        const next = known.shift() ?? strangers.shift();
        if (next === undefined) running -= 1;
        else next();
      }
    },
  };
}

/** PHC string format: `$scrypt$ln=16,r=8,p=2$salt$key`, base64 without padding. */
function writePhc({ cost, salt, key }: StoredHash): string {
  const parameters = `ln=${cost.logN},r=${cost.blockSize},p=${cost.parallelization}`;
  return `$scrypt$${parameters}$${unpadded(salt)}$${unpadded(key)}`;
}

function readPhc(text: string): StoredHash | null {
  const [, logN, blockSize, parallelization, salt, key] = PHC.exec(text) ?? [];
  if (salt === undefined || key === undefined) return null;
  const cost = {
    logN: Number(logN),
    blockSize: Number(blockSize),
    parallelization: Number(parallelization),
  };
  const isSound =
    cost.logN >= 1 &&
    cost.blockSize >= 1 &&
    cost.parallelization >= 1 &&
    cost.logN <= HIGHEST_COST.logN &&
    cost.blockSize <= HIGHEST_COST.blockSize &&
    cost.parallelization <= HIGHEST_COST.parallelization;
  if (!isSound) return null;
  return { cost, salt: Buffer.from(salt, 'base64'), key: Buffer.from(key, 'base64') };
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/u, '');
}

function isSameCost(one: ScryptCost, other: ScryptCost): boolean {
  return (
    one.logN === other.logN &&
    one.blockSize === other.blockSize &&
    one.parallelization === other.parallelization
  );
}
