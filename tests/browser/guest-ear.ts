import type { Page } from 'playwright-core';

/**
 * What runs in the page before its own scripts: it keeps the connections and sockets that the page makes, and listens to
 * what the last connection receives. Nothing of the page is changed by it.
 */
export const EAR_SCRIPT = `(() => {
  const Native = window.RTCPeerConnection;
  const peers = [];
  window.RTCPeerConnection = class extends Native {
    constructor(...options) {
      super(...options);
      peers.push(this);
    }
  };
  const NativeSocket = window.WebSocket;
  const sockets = [];
  window.WebSocket = class extends NativeSocket {
    constructor(...options) {
      super(...options);
      sockets.push(this);
    }
  };
  const cut = (path) => {
    for (const socket of sockets) if (new URL(socket.url).pathname === path) socket.close();
  };
  let ear = null;
  const receiver = () => peers.at(-1).getReceivers().find(({ track }) => track.kind === 'audio');
  const listen = async () => {
    const { track } = receiver();
    if (ear !== null && ear.track === track) return ear;
    const context = ear === null ? new AudioContext() : ear.context;
    await context.resume();
    const analyser = context.createAnalyser();
    analyser.fftSize = 8192;
    analyser.smoothingTimeConstant = 0;
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    ear = { track, context, analyser };
    return ear;
  };
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const levels = async (tonesHz, looks) => {
    const { analyser, context } = await listen();
    const bins = new Float32Array(analyser.frequencyBinCount);
    const widthHz = context.sampleRate / analyser.fftSize;
    const seen = tonesHz.map(() => []);
    for (let look = 0; look < looks; look += 1) {
      await pause(100);
      analyser.getFloatFrequencyData(bins);
      tonesHz.forEach((toneHz, index) => {
        const bin = Math.round(toneHz / widthHz);
        seen[index].push(Math.max(-160, bins[bin - 1], bins[bin], bins[bin + 1]));
      });
    }
    return seen.map((of) => of.sort((a, b) => a - b)[Math.floor(of.length * 0.75)]);
  };
  const inbound = async () => {
    const report = await peers.at(-1).getStats();
    for (const one of report.values()) if (one.type === 'inbound-rtp') return one;
    return {};
  };
  window.konfaEar = { peers, cut, receiver, listen, levels, inbound };
})()`;

/** What the browser counts of the audio that comes in. */
export interface InboundAudio {
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly totalSamplesReceived: number;
  /** Samples that the browser made up because none came in time. */
  readonly concealedSamples: number;
  readonly silentConcealedSamples: number;
}

/** Looks that a level is told by: one every 100 ms. */
const LOOKS = 12;

/**
 * Level of each tone in what the page hears, over more than a second: what a quarter of the looks is above, in dB of an
 * `AnalyserNode` (−13.6 is a full-scale sine).
 */
export async function toneLevels(
  page: Page,
  tonesHz: readonly number[],
): Promise<readonly number[]> {
  const levels = await page.evaluate<readonly number[]>(
    `konfaEar.levels(${JSON.stringify(tonesHz)}, ${LOOKS})`,
  );
  return levels;
}

/** What the browser counts of its last call. */
export function inboundAudio(page: Page): Promise<InboundAudio> {
  return page.evaluate<InboundAudio>('konfaEar.inbound().then((one) => ({ ...one }))');
}

/** Closes the page's WebSockets of a path, as a network that is lost does. */
export async function cutSockets(page: Page, path: '/sip' | '/live'): Promise<void> {
  await page.evaluate(`konfaEar.cut(${JSON.stringify(path)})`);
}

/** The ICE user fragment that the server has told last: another one after each restart. */
export function serverUfrag(page: Page): Promise<string> {
  return page.evaluate<string>(
    `(/^a=ice-ufrag:(.*)$/m.exec(konfaEar.peers.at(-1).remoteDescription?.sdp ?? '') ?? [])[1] ?? ''`,
  );
}

/** How many calls the page has made so far. */
export function callsMade(page: Page): Promise<number> {
  return page.evaluate<number>('konfaEar.peers.length');
}
