import type { Page } from 'playwright-core';

/**
 * What runs in the page before its own scripts: in place of a microphone it hands out a quiet tone with loud marks in
 * it, and in what comes in it looks for such marks. Both are done by audio worklets, whose clock is the wall clock as
 * the samples are made or come; the page must be opened with `bypassCSP`, as its policy allows no worklets.
 */
export const CLOCK_SCRIPT = `(() => {
  const MODULE = \`
    registerProcessor('konfa-voice', class extends AudioWorkletProcessor {
      constructor() {
        super();
        this.count = 0;
        this.left = 0;
        this.port.onmessage = () => {
          this.left = Math.round(0.03 * sampleRate);
          this.told = false;
        };
        this.told = true;
      }
      process(_, [[out]]) {
        if (!this.told) {
          this.told = true;
          this.port.postMessage(Date.now());
        }
        for (let index = 0; index < out.length; index += 1) {
          const seconds = this.count / sampleRate;
          out[index] = 0.1 * Math.sin(2 * Math.PI * 300 * seconds);
          if (this.left > 0) out[index] += 0.5 * Math.sin(2 * Math.PI * 1000 * seconds);
          if (this.left > 0) this.left -= 1;
          this.count += 1;
        }
        return true;
      }
    });
    registerProcessor('konfa-ear', class extends AudioWorkletProcessor {
      constructor() {
        super();
        this.quietSince = 0;
      }
      process([[input]]) {
        if (input === undefined) return true;
        for (let index = 0; index < input.length; index += 1) {
          if (Math.abs(input[index]) < 0.25) continue;
          if (currentFrame + index - this.quietSince > 0.1 * sampleRate) this.port.postMessage(Date.now());
          this.quietSince = currentFrame + index;
        }
        return true;
      }
    });
  \`;
  const makeContext = async () => {
    const context = new AudioContext({ latencyHint: 'interactive', sampleRate: 48000 });
    await context.resume();
    await context.audioWorklet.addModule(URL.createObjectURL(new Blob([MODULE], { type: 'text/javascript' })));
    return context;
  };
  let voice = null;
  const openVoice = async () => {
    const context = await makeContext();
    const node = new AudioWorkletNode(context, 'konfa-voice', { numberOfInputs: 0 });
    const out = context.createMediaStreamDestination();
    node.connect(out);
    return { context, node, out };
  };
  const track = async () => {
    voice ??= openVoice();
    return (await voice).out.stream.getAudioTracks()[0].clone();
  };
  navigator.mediaDevices.getUserMedia = async () => new MediaStream([await track()]);
  const sent = [];
  const mark = async () => {
    const { node } = await voice;
    await new Promise((resolve) => {
      node.port.onmessage = ({ data }) => resolve(sent.push(data));
      node.port.postMessage('mark');
    });
  };
  const heard = [];
  const listenTo = async (received) => {
    const context = await makeContext();
    const node = new AudioWorkletNode(context, 'konfa-ear');
    context.createMediaStreamSource(new MediaStream([received])).connect(node).connect(context.destination);
    node.port.onmessage = ({ data }) => heard.push(data);
  };
  const listen = () => listenTo(konfaEar.receiver().track);
  /** A call of this page with itself: what browsers alone take. */
  const loop = async () => {
    const [near, far] = [new RTCPeerConnection(), new RTCPeerConnection()];
    near.onicecandidate = ({ candidate }) => far.addIceCandidate(candidate);
    far.onicecandidate = ({ candidate }) => near.addIceCandidate(candidate);
    const received = new Promise((resolve) => (far.ontrack = (event) => resolve(event.track)));
    near.addTrack(await track());
    await near.setLocalDescription();
    await far.setRemoteDescription(near.localDescription);
    await far.setLocalDescription();
    await near.setRemoteDescription(far.localDescription);
    const element = new Audio();
    element.srcObject = new MediaStream([await received]);
    element.muted = true;
    await element.play();
    await listenTo(await received);
  };
  window.konfaClock = { sent, heard, mark, listen, loop };
})()`;

/** Begins to look for marks in what the page's call receives. */
export async function listenForMarks(page: Page): Promise<void> {
  await page.evaluate('konfaClock.listen()');
}

/** Has the page call itself, without any server, and looks for marks there. */
export async function callItself(page: Page): Promise<void> {
  await page.evaluate('konfaClock.loop()');
}

/** Pause between two marks, and by how much it grows each time, so that they fall anywhere between two packets. */
const BETWEEN_MS = 500;
const GROWS_MS = 7;
/** A mark that is not heard by then was lost. */
const LOST_MS = 480;

/** Sends marks from one page and tells, sorted, after how many ms each was heard in the other. */
export async function markDelays(from: Page, to: Page, marks: number): Promise<readonly number[]> {
  const already = await to.evaluate<number>('konfaClock.heard.length');
  const sentAtMs = await from.evaluate<readonly number[]>(`(async () => {
    const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const before = konfaClock.sent.length;
    for (let count = 0; count < ${marks}; count += 1) {
      await konfaClock.mark();
      await pause(${BETWEEN_MS} + count * ${GROWS_MS});
    }
    return konfaClock.sent.slice(before);
  })()`);
  const heardAtMs = await to.evaluate<readonly number[]>(`konfaClock.heard.slice(${already})`);
  return sentAtMs
    .flatMap((sentMs) => {
      const heardMs = heardAtMs.find((one) => one >= sentMs && one < sentMs + LOST_MS);
      return heardMs === undefined ? [] : [heardMs - sentMs];
    })
    .sort((a, b) => a - b);
}

/** The value that a share of all are not above; they must be sorted. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
