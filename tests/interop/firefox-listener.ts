import WebSocket from 'ws';
import { opusLibrary } from '../../mixer/codec/opus-library.ts';
import type { LivePerson, LiveServerMessage } from '../../server/panel/api/live-api.ts';
import { sine, toneLevelDb } from '../support/tones.ts';
import { askForSeat, WebCaller } from '../support/web-caller/web-caller.ts';

/** Somebody else in the room: speaks one tone in Opus, hears, and watches the list of people. */
export interface Listener {
  /** Level of a tone over the last second, dB against full scale; silence when less has come. */
  heardDb(toneHz: number): number;
  /** Somebody by name, as this person sees them now. */
  person(name: string): LivePerson | null;
  hangUp(): Promise<void>;
}

const RATE_HZ = 48_000;
const FRAME_SAMPLES = 960;
const FRAME_MS = 20;
const AMPLITUDE = 8000;
const SETTINGS = {
  bitrate: 32_000,
  complexity: 5,
  inbandFec: 'on',
  expectedLossPercent: 0,
  dtx: 'off',
  maxPlaybackRateHz: RATE_HZ,
} as const;

/** Joins by number and PIN, without a browser. `toneHz`: a divisor of 48,000. */
export async function startListener(
  url: string,
  who: {
    readonly number: string;
    readonly pin: string;
    readonly name: string;
    readonly toneHz: number;
  },
): Promise<Listener> {
  const { seat, code } = await askForSeat(url, { number: who.number, pin: who.pin }, who.name);
  if (seat === null) throw new Error(`there is no seat: ${code}`);
  const caller = await WebCaller.call(url, seat);
  if (caller.answer.status !== 200) throw new Error(`answered ${caller.answer.status}`);
  const timer = speak(caller, who.toneHz);
  const heard = listen(caller);
  const feed = await watch(url, seat.credential);

  return {
    heardDb: (toneHz) => toneLevelDb(heard(), toneHz, RATE_HZ),
    person: (name) => [...feed.people.values()].find((person) => person.name === name) ?? null,
    async hangUp() {
      clearInterval(timer);
      feed.socket.close();
      await caller.hangUp();
    },
  };
}

function speak(caller: WebCaller, toneHz: number): NodeJS.Timeout {
  const encoder = opusLibrary().createEncoder(SETTINGS);
  const voice = sine({ toneHz, amplitude: AMPLITUDE }, RATE_HZ, RATE_HZ);
  const payload = new Uint8Array(1500);
  const startedAtMs = performance.now();
  let frames = 0;
  // As many as are due: a timer that fires late must not leave holes.
  return setInterval(() => {
    const due = Math.floor((performance.now() - startedAtMs) / FRAME_MS);
    for (; frames < due; frames += 1) {
      const from = (frames * FRAME_SAMPLES) % RATE_HZ;
      const bytes = encoder.encode(voice, from, FRAME_SAMPLES, payload, 0);
      caller.media.sendOpus(payload.slice(0, bytes));
    }
  }, FRAME_MS);
}

/** The last second that was heard. */
function listen(caller: WebCaller): () => Int16Array {
  const decoder = opusLibrary().createDecoder();
  const out = new Int16Array(5760);
  let heard = new Int16Array(0);
  caller.media.onRtp = (header, bytes) => {
    const { payloadOffset, payloadLength } = header;
    const samples = decoder.decode(bytes, payloadOffset, payloadLength, out, 0);
    const longer = new Int16Array(heard.length + samples);
    longer.set(heard);
    longer.set(out.subarray(0, samples), heard.length);
    heard = longer.subarray(-RATE_HZ);
  };
  return () => heard;
}

async function watch(
  url: string,
  credential: string,
): Promise<{ readonly socket: WebSocket; readonly people: ReadonlyMap<string, LivePerson> }> {
  const people = new Map<string, LivePerson>();
  const socket = new WebSocket(`${url.replace(/^http/u, 'ws')}/live`, { origin: url });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => undefined);
  socket.on('message', (data: Buffer) => {
    const message = readMessage(data);
    if (message?.type === 'snapshot') {
      people.clear();
      for (const person of message.people) people.set(person.personId, person);
    } else if (message?.type === 'person') people.set(message.person.personId, message.person);
    else if (message?.type === 'left') people.delete(message.personId);
  });
  socket.send(JSON.stringify({ type: 'watch', credential }));
  return { socket, people };
}

/** What our own server says; how it says it is tested elsewhere. */
function readMessage(data: Buffer): LiveServerMessage | null {
  const message: unknown = JSON.parse(data.toString('utf8'));
  if (typeof message !== 'object' || message === null || !('type' in message)) return null;
  return message as LiveServerMessage;
}
