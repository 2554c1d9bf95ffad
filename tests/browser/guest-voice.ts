import type { Page } from 'playwright-core';

/**
 * What runs in the page before its own scripts: in place of a microphone it hands out sound that is made in the page,
 * so that a test knows to the millisecond when it begins. Times are those of the wall clock, the same in all pages.
 */
export const VOICE_SCRIPT = `(() => {
  let voice = null;
  const open = async () => {
    const context = new AudioContext({ latencyHint: 'interactive', sampleRate: 48000 });
    await context.resume();
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    const out = context.createMediaStreamDestination();
    gain.gain.value = 0;
    oscillator.connect(gain).connect(out);
    oscillator.start();
    return { context, oscillator, gain, out };
  };
  navigator.mediaDevices.getUserMedia = async () => {
    voice ??= await open();
    return new MediaStream(voice.out.stream.getAudioTracks().map((track) => track.clone()));
  };
  const nowMs = () => performance.timeOrigin + performance.now();
  const say = (toneHz) => {
    voice.oscillator.frequency.value = toneHz;
    voice.gain.gain.value = 0.25;
    return nowMs();
  };
  const hush = () => {
    voice.gain.gain.value = 0;
  };
  /** When an element first matches. */
  const seen = (selector) =>
    new Promise((resolve) => {
      const look = () => {
        if (document.querySelector(selector) === null) return false;
        observer.disconnect();
        resolve(nowMs());
        return true;
      };
      const observer = new MutationObserver(look);
      observer.observe(document, { subtree: true, childList: true, attributes: true });
      look();
    });
  window.konfaVoice = { say, hush, seen, nowMs };
})()`;

/** Lets a guest with `VOICE_SCRIPT` sound from now on; tells when that was. */
export function say(page: Page, toneHz: number): Promise<number> {
  return page.evaluate<number>(`konfaVoice.say(${toneHz})`);
}

/** Silence again. */
export async function hush(page: Page): Promise<void> {
  await page.evaluate('konfaVoice.hush()');
}

/** When something is first in the page of a guest with `VOICE_SCRIPT`; looks from now on. */
export function firstSeen(page: Page, selector: string): Promise<number> {
  return page.evaluate<number>(`konfaVoice.seen(${JSON.stringify(selector)})`);
}
