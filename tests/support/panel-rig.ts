import { Agent } from 'node:http';
import type { RequestHandler } from 'express';
import * as assert from 'uvu/assert';
import { composePanel, composeRoutes } from '../../server/compose-panel.ts';
import type { PanelParts } from '../../server/compose-panel.ts';
import { createPasswords } from '../../server/account/passwords.ts';
import type { Passwords } from '../../server/account/passwords.ts';
import { parseConfig } from '../../server/config/config.ts';
import type { AnyRoute, RouteDescription } from '../../server/panel/define-route.ts';
import { listenHttp } from '../../server/panel/http-server.ts';
import type { HttpServer } from '../../server/panel/http-server.ts';
import { systemRandom } from '../../server/runtime/random.ts';
import { FakeEntrance } from './fake-entrance.ts';
import { heardLog } from './heard-log.ts';
import type { HeardLine } from './heard-log.ts';
import { OrganisingRig } from './organising-rig.ts';
import { PanelClient } from './panel-client.ts';

/** The password of every account of a rig. */
export const RIG_PASSWORD = 'a tree by the river';

/** Cheap on purpose: what hashing costs is tested with the passwords alone. */
const CHEAP = { logN: 2, blockSize: 1, parallelization: 1 };

/** What differs from the usual panel. */
export interface PanelRigOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  /** What `http.publicUrl` and links begin with. */
  readonly publicUrl?: string;
  /** Proxies that are believed. */
  readonly trustProxy?: readonly string[];
  readonly pages?: RequestHandler;
}

/** The whole panel over the whole organisers' half, on a port of this machine; nobody is in any room. */
export class PanelRig {
  readonly half: OrganisingRig;
  readonly routes: readonly AnyRoute[];
  /** Everything that was logged, of every level. */
  readonly lines: readonly HeardLine[];
  /** Passwords that were hashed or checked. */
  readonly hashed: { readonly count: number };
  /** Where seats are asked for. */
  readonly guests: FakeEntrance;
  readonly #server: HttpServer;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 16 });

  private constructor(parts: {
    readonly half: OrganisingRig;
    readonly routes: readonly AnyRoute[];
    readonly lines: readonly HeardLine[];
    readonly hashed: { readonly count: number };
    readonly guests: FakeEntrance;
    readonly server: HttpServer;
  }) {
    this.half = parts.half;
    this.routes = parts.routes;
    this.lines = parts.lines;
    this.hashed = parts.hashed;
    this.guests = parts.guests;
    this.#server = parts.server;
  }

  static async open(options: PanelRigOptions = {}): Promise<PanelRig> {
    const { publicUrl = 'https://konfa.example.org', trustProxy = [], pages = null } = options;
    const settings = { ...options.settings, http: { publicUrl, trustProxy } };
    const lines: HeardLine[] = [];
    const hashed = { count: 0 };
    const log = heardLog(lines);
    const passwords = counted(createPasswords(CHEAP), hashed);
    const half = new OrganisingRig(settings, { log, publicUrl, passwords });
    const { clock, organising } = half;
    const guests = new FakeEntrance();
    const parts: PanelParts = {
      config: parseConfig(settings),
      organising,
      switchboard: {
        peopleIn: () => 0,
        rooms: 0,
        people: 0,
        refreshRooms: () => undefined,
      },
      desk: { trunks: () => [], bans: () => [], lift: () => 'not-banned' },
      guests,
      lockOf: () => 'open',
      platform: { clock, random: systemRandom, log, publicUrl },
      pages,
      version: '1.2.3',
    };
    const listen = { host: '127.0.0.1', port: 0, certFile: null, keyFile: null };
    const server = await listenHttp({ listen, handler: composePanel(parts), clock, log });
    return new PanelRig({ half, routes: composeRoutes(parts), lines, hashed, guests, server });
  }

  get port(): number {
    return this.#server.port;
  }

  /** Descriptions of all routes, the document's own included. */
  get specs(): readonly RouteDescription[] {
    return this.routes.map(({ spec }) => spec);
  }

  /** A browser that was never here. */
  browser(): PanelClient {
    return new PanelClient(this.#server.origin, this.#agent);
  }

  /** A browser in which somebody who has an account logs in. */
  async loggedIn(email: string): Promise<PanelClient> {
    const browser = this.browser();
    const body = { email, password: RIG_PASSWORD };
    const answer = await browser.api('POST', '/session', { body });
    assert.is(answer.status, 200, answer.text);
    return browser;
  }

  /** A new account, and a browser in which it is logged in. */
  async member(
    email: string,
    role: 'organiser' | 'administrator' = 'organiser',
  ): Promise<PanelClient> {
    await this.half.account(email, role);
    return this.loggedIn(email);
  }

  /** A program with a bearer token of these scopes, made in a browser that is logged in. */
  async program(owner: PanelClient, scopes: readonly string[]): Promise<PanelClient> {
    const body = { name: 'program', scopes, expiresInDays: null };
    const made = await owner.api('POST', '/account/tokens', { body });
    assert.is(made.status, 201, made.text);
    const program = this.browser();
    program.bearer = String(made.json['secret']);
    return program;
  }

  /** `2026-03-04T12:00` for so many hours from now, in UTC. */
  hourFromNow(hours: number): string {
    return new Date(this.half.nowMs + hours * 3_600_000).toISOString().slice(0, 16);
  }

  async close(): Promise<void> {
    this.#agent.destroy();
    await this.#server.close();
    await this.half.close();
  }
}

/** Runs `work` with a panel, and closes it whatever comes of it. */
export async function withPanel(
  work: (rig: PanelRig) => Promise<void>,
  options: PanelRigOptions = {},
): Promise<void> {
  const rig = await PanelRig.open(options);
  try {
    await work(rig);
  } finally {
    await rig.close();
  }
}

function counted(passwords: Passwords, hashed: { count: number }): Passwords {
  return {
    hash(password) {
      hashed.count += 1;
      return passwords.hash(password);
    },
    verify(...of) {
      hashed.count += 1;
      return passwords.verify(...of);
    },
  };
}
