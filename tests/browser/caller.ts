import { loadClipBank } from '../../server/prompt/load-clips.ts';
import { startPhone } from '../support/phone.ts';
import type { PhoneCall } from '../support/phone-call.ts';
import { PromptEar } from '../support/prompt-ear.ts';
import type { Stage } from './stage.ts';
import { until } from './until.ts';

const ear = new PromptEar(
  loadClipBank({ directory: null, sampleRateHz: 8000, log: { warn: () => undefined } }),
);

/** What a caller keys in. */
export interface Keys {
  readonly number: string;
  readonly pin: string;
}

/** Calls the access number and keys in what is asked for; comes back in the room. Hang up with `leave`. */
export async function callIn(
  stage: Stage,
  fromUser: string,
  { number, pin }: Keys,
): Promise<{ leave(): Promise<void> }> {
  const server = { host: '127.0.0.1', port: stage.konfa.sipPort };
  const phone = await startPhone({ server, fromUser });
  try {
    const call = await phone.call('223500908');
    await hears(call, 'welcome');
    await call.press('1');
    await hears(call, 'ask-number');
    await call.press(number);
    await hears(call, 'ask-pin');
    await call.press(pin);
    await hears(call, 'entered-first');
    return {
      async leave() {
        await call.hangUp();
        phone.close();
      },
    };
  } catch (error) {
    phone.close();
    throw error;
  }
}

async function hears(call: PhoneCall, prompt: string): Promise<void> {
  const { tape } = call.media;
  await until(`the caller hears ${prompt}`, () => {
    const heard = ear.hear(tape.between(0)).map(({ clip }) => clip.replace('pl/', ''));
    return heard.includes(prompt) ? prompt : null;
  });
}
