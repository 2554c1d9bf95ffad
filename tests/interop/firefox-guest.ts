import { launch } from 'puppeteer-core';
import type { Browser, Page } from 'puppeteer-core';
import { findTool } from '../support/interop.ts';

/** Firefox on the join page, with a tone for a voice. */
export interface FirefoxGuest {
  readonly page: Page;
  /** What the page threw so far. */
  readonly complaints: readonly string[];
  /** Types number, PIN and name, and comes back when the audio stands. */
  join(by: { readonly number: string; readonly pin: string; readonly name: string }): Promise<void>;
  /** Level of what comes in, in dB, at each of these frequencies. */
  heardDb(tonesHz: readonly number[]): Promise<readonly number[]>;
  close(): Promise<void>;
}

/** What Firefox sends from its fake microphone. */
export const FIREFOX_HZ = 1000;

const PATIENCE_MS = 40_000;
const PREFERENCES = {
  'intl.accept_languages': 'en-GB, en',
  // A tone for a microphone, nobody to ask, and loudspeakers that are not there.
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.cubeb.force_mock_context': true,
  'media.autoplay.default': 0,
  // A fake microphone is no reason to tell pages of all addresses: a permission is.
  'permissions.default.microphone': 1,
  'media.peerconnection.ice.loopback': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  // Nothing is asked of the outside.
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
};

/** Keeps the connections of a page within reach, and measures what comes in by the newest. */
const EARS = `
  const Native = RTCPeerConnection;
  const peers = [];
  window.RTCPeerConnection = class extends Native {
    constructor(...options) {
      super(...options);
      peers.push(this);
    }
  };
  let ear = null;
  window.heardDb = async (tonesHz) => {
    if (ear === null) {
      const context = new AudioContext();
      await context.resume();
      ear = context.createAnalyser();
      ear.fftSize = 8192;
      ear.smoothingTimeConstant = 0;
      const tracks = peers.at(-1).getReceivers().map(({ track }) => track);
      context.createMediaStreamSource(new MediaStream(tracks)).connect(ear);
    }
    const levels = new Float32Array(ear.frequencyBinCount);
    ear.getFloatFrequencyData(levels);
    return tonesHz.map((hz) => {
      const at = Math.round((hz * ear.fftSize) / ear.context.sampleRate);
      return Math.max(...levels.subarray(at - 1, at + 2), -200);
    });
  };
`;

/** Starts Debian's Firefox by WebDriver BiDi and opens the page where one joins by number and PIN. */
export async function startFirefox(url: string): Promise<FirefoxGuest> {
  const browser = await launch({
    browser: 'firefox',
    executablePath: findTool('firefox-esr') ?? '',
    headless: true,
    extraPrefsFirefox: PREFERENCES,
  });
  try {
    return await guestIn(browser, url);
  } catch (error) {
    await browser.close();
    throw error;
  }
}

async function guestIn(browser: Browser, url: string): Promise<FirefoxGuest> {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.evaluateOnNewDocument(EARS);
  await page.goto(`${url}/join`);

  return {
    page,
    complaints,
    async join({ number, pin, name }) {
      await page.waitForSelector('[data-microphone=open] .tick-box');
      // A steady tone is noise to whoever takes noise out: the original sound is asked for.
      await page.evaluate("document.querySelector('.tick-box').click()");
      await page.waitForSelector('[data-microphone=open] .tick-box:checked');
      await page.type('[name=conference-number]', number);
      await page.type('[name=conference-pin]', pin);
      await page.type('[name=guest-name]', name);
      await page.click('button[type=submit]');
      await page.waitForSelector('[data-way=up]');
    },
    async heardDb(tonesHz) {
      const levels: unknown = await page.evaluate(`heardDb(${JSON.stringify(tonesHz)})`);
      return Array.isArray(levels) ? levels.map(Number) : [];
    },
    close: () => browser.close(),
  };
}
