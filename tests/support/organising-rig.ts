import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../db/open-database.ts';
import type { Connection } from '../../db/open-database.ts';
import { composeOrganising } from '../../server/compose-organising.ts';
import type { Passwords } from '../../server/account/passwords.ts';
import type { Organising } from '../../server/compose-organising.ts';
import { parseConfig } from '../../server/config/config.ts';
import type { Logger } from '../../server/runtime/logger.ts';
import { systemRandom } from '../../server/runtime/random.ts';
import type { PostRequest } from '../../server/webhook/post.ts';
import { heardLog } from './heard-log.ts';
import { SimClock } from './sim-clock.ts';
import { createSimAlarm, SimPost } from './sim-post.ts';

const TURNS = 20;
/** A weekday at ten in Warsaw. */
const RIG_START_MS = Date.UTC(2026, 2, 3, 9, 0, 0);

/** What a test puts in place of the usual parts. */
export interface RigParts {
  readonly log?: Logger;
  readonly publicUrl?: string;
  readonly passwords?: Passwords;
}

/** The organisers' half with a database on disk, a simulated clock, and a post that takes everything. */
export class OrganisingRig {
  readonly clock = new SimClock(RIG_START_MS);
  readonly post = new SimPost();
  readonly posted: PostRequest[] = [];
  readonly organising: Organising;
  readonly database: Connection;
  readonly file: string;
  readonly #folder: string;

  constructor(settings: Readonly<Record<string, unknown>> = {}, parts: RigParts = {}) {
    this.#folder = mkdtempSync(join(tmpdir(), 'konfa-organising-'));
    this.file = join(this.#folder, 'konfa.db');
    this.database = openDatabase({ file: this.file });
    this.organising = composeOrganising(
      parseConfig({ webhooks: { allowNetworks: ['127.0.0.0/8'] }, ...settings }),
      {
        clock: this.clock,
        random: systemRandom,
        log: parts.log ?? heardLog([]),
        database: this.database,
        email: this.post.email,
        sms: this.post.sms,
        post: async (request) => {
          this.posted.push(request);
          return { outcome: 'answered', status: 200 };
        },
        createAlarm: (ring) => createSimAlarm(this.clock, ring),
        publicUrl: parts.publicUrl ?? 'https://konfa.example.org',
        linkKey: new Uint8Array(32).fill(7),
        ...(parts.passwords === undefined ? {} : { passwords: parts.passwords }),
      },
      () => [],
    );
    this.organising.start();
  }

  get nowMs(): number {
    return this.clock.wallclockMs();
  }

  /** An account that can log in; its id. */
  async account(email: string, role: 'organiser' | 'administrator' = 'organiser'): Promise<string> {
    const { accounts } = this.organising;
    const { account, link } = accounts.add({ email, role, language: 'en' }, this.nowMs);
    const request = {
      token: link.slice(link.lastIndexOf('/') + 1),
      name: `Owner of ${email.split('@')[0] ?? ''}`,
      password: 'a tree by the river',
      language: 'en',
      zone: 'Europe/Warsaw',
    } as const;
    const origin = {
      address: '127.0.0.1',
      userAgent: 'test',
      sessionSecret: null,
      deviceSecret: null,
    };
    await accounts.accept(request, origin, this.nowMs);
    return account.accountId;
  }

  /** Lets time pass, with all that falls due. */
  async run(durationMs: number): Promise<void> {
    // Handing over is a promise: what it leads to may be due at once again.
    for (let turn = 0; turn < TURNS; turn += 1) {
      await this.clock.advance(durationMs / TURNS);
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
  }

  async close(): Promise<void> {
    await this.organising.stop();
    this.database.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
