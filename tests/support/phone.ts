import { createSocket } from 'node:dgram';
import { PhoneCall, readMessage } from './phone-call.ts';
import { PhoneMedia } from './phone-media.ts';
import type { PhoneCodec } from './phone-audio.ts';

/** What a test phone is made with. */
export interface PhoneOptions {
  readonly server: { readonly host: string; readonly port: number };
  /** Address that the phone binds, any of 127.0.0.0/8: what the server takes for where the call comes from. */
  readonly host?: string;
  readonly fromUser?: string;
  readonly codec?: PhoneCodec;
}

/** A telephone that tests call with: SIP and RTP over real loopback sockets. */
export interface Phone {
  /** Sends an INVITE and comes back at once, before any answer. */
  dial(user: string): Promise<PhoneCall>;
  /** Calls and waits for the answer. @throws when it is not 200. */
  call(user: string): Promise<PhoneCall>;
  /** Hangs up what is still up, without waiting for an answer, and switches off. */
  close(): void;
}

const LAST_WORDS_MS = 50;

/** Switches a test phone on. */
export async function startPhone(options: PhoneOptions): Promise<Phone> {
  const host = options.host ?? '127.0.0.1';
  const codec = options.codec ?? 'PCMA';
  const calls = new Map<string, PhoneCall>();
  const socket = createSocket('udp4');
  socket.on('message', (bytes) => {
    const { message, callId } = readMessage(bytes);
    calls.get(callId)?.receive(message);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject).bind(0, host, resolve);
  });
  const { server } = options;

  async function dial(user: string): Promise<PhoneCall> {
    const line = {
      host,
      port: socket.address().port,
      server,
      fromUser: options.fromUser ?? '600100200',
      payloadTypes: codec === 'PCMA' ? '8 101' : '0 101',
      send: (text: string) => {
        socket.send(text, server.port, server.host);
      },
    };
    const call = new PhoneCall(line, user, await PhoneMedia.open(host, codec));
    calls.set(call.callId, call);
    return call;
  }

  return {
    dial,
    async call(user) {
      const call = await dial(user);
      const { status } = await call.final;
      if (status !== 200) throw new Error(`calling ${user} was answered ${status}`);
      return call;
    },
    close() {
      for (const call of calls.values()) call.close();
      // What has just been sent must still leave.
      setTimeout(() => {
        socket.close();
      }, LAST_WORDS_MS);
    },
  };
}
