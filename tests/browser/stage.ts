import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import type { Test } from 'uvu';
import * as assert from 'uvu/assert';
import { startMailServer } from '../interop/mail-server.ts';
import type { MailServer } from '../interop/mail-server.ts';
import { findTool, interopTest } from '../support/interop.ts';
import { startKonfa } from '../support/konfa-process.ts';
import type { KonfaProcess } from '../support/konfa-process.ts';
import { letter } from './letters.ts';
import type { Letter, WantedLetter } from './letters.ts';
import { shoot } from './shoot.ts';
import { visit } from './visitor.ts';
import type { Visitor, VisitorOptions, Watch } from './visitor.ts';

/** The whole product: the program as users run it, a mail server, and a real browser. */
export interface Stage {
  /** Changes when it is started again. */
  konfa: KonfaProcess;
  readonly mail: MailServer;
  /** A browser that was never here. */
  visitor(options?: VisitorOptions): Promise<Visitor>;
  /** Waits for an e-mail. */
  letter(wanted: WantedLetter): Promise<Letter>;
}

/** Describes a test that has the stage to itself. */
export type Scene = (name: string, run: (stage: Stage) => Promise<void>) => void;

const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

interface OpenStage extends Stage {
  readonly browser: Browser;
  readonly watch: Watch;
}

/**
 * Gives the tests of a file one server and one browser. Whatever a scene is about, it fails when the browser complained
 * of anything: an error that was thrown, the security policy, a file that is missing. Each scene's browsers are closed
 * behind it. Where there is no Chromium its scenes are skipped by name. `error`: what the log may hold as an error.
 */
export function scenes(
  test: Test,
  config: Readonly<Record<string, unknown>> = {},
  { error = null }: { readonly error?: RegExp | null } = {},
): Scene {
  let open: OpenStage | null = null;
  if (findTool('chromium') !== null) {
    test.before(async () => {
      open = await openStage(config);
    });
    test.after(async () => {
      if (open === null) return;
      await open.browser.close();
      assert.is(await open.konfa.stop(), 0);
      await open.mail.close();
      const lines = open.konfa.output().split('\n');
      const errors = lines.filter((line) => line.includes('"level":"error"'));
      assert.equal(
        errors.filter((line) => error?.test(line) !== true),
        [],
      );
    });
  }
  const browserTest = interopTest(test, ['chromium']);
  return (name, run) => {
    browserTest(name, async () => {
      if (open === null) throw new Error('the stage did not open');
      await play(open, run);
    });
  };
}

async function play(stage: OpenStage, run: (stage: Stage) => Promise<void>): Promise<void> {
  const { browser, watch } = stage;
  watch.complaints.length = 0;
  try {
    await run(stage);
    assert.equal(watch.complaints, []);
  } catch (error) {
    await keepPictures(browser);
    throw error;
  } finally {
    await Promise.all(browser.contexts().map((context) => context.close()));
  }
}

/** What everybody saw when a scene failed. */
async function keepPictures(browser: Browser): Promise<void> {
  const pages = browser.contexts().flatMap((context) => context.pages());
  for (const [index, page] of pages.entries()) {
    // A page may be gone or busy, and the failure itself is what must be told.
    await shoot(page, `failed-${index}`).catch(() => undefined);
  }
}

async function openStage(config: Readonly<Record<string, unknown>>): Promise<OpenStage> {
  const executablePath = findTool('chromium') ?? '';
  const mail = await startMailServer({
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
  });
  const [konfa, browser] = await Promise.all([
    startKonfa({ config: withMail(config, mail.port) }),
    chromium.launch({ executablePath, chromiumSandbox: false, args: FLAGS }),
  ]);
  const watch: Watch = { complaints: [] };
  const stage: OpenStage = {
    konfa,
    mail,
    browser,
    watch,
    visitor: (options) => visit(browser, watch, { ...options, baseURL: stage.konfa.url }),
    letter: (wanted) => letter(mail.mails, wanted),
  };
  return stage;
}

function withMail(
  config: Readonly<Record<string, unknown>>,
  port: number,
): Readonly<Record<string, unknown>> {
  const smtp = { host: '127.0.0.1', port, security: 'none' };
  return {
    log: { level: 'warn' },
    ...config,
    notices: {
      ...(typeof config['notices'] === 'object' ? config['notices'] : {}),
      email: { transport: 'smtp', fromName: 'Konfa', fromAddress: 'konfa@example.org', smtp },
    },
  };
}
