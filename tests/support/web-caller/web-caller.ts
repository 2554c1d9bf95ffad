import { header } from '../sip-text.ts';
import type { SipText } from '../sip-text.ts';
import { SipOverWebSocket } from './sip-over-websocket.ts';
import { WebMedia } from './web-media.ts';

/** A seat as `POST /join/…/seat` answers it, as far as it is used here. */
export interface SeatFacts {
  readonly seatId: string;
  readonly credential: string;
  readonly sipUri: string;
  readonly role: string;
}

/** What came of asking for a seat. */
export interface SeatReply {
  readonly status: number;
  /** Code of the problem; empty when there is a seat. */
  readonly code: string;
  readonly seat: SeatFacts | null;
}

/** Asks for a seat with the token of a link, or with number and PIN. */
export async function askForSeat(
  url: string,
  by: { readonly token: string } | { readonly number: string; readonly pin: string },
  name = 'Web Caller',
): Promise<SeatReply> {
  const path = 'token' in by ? `/api/v1/join/${by.token}/seat` : '/api/v1/join/seat';
  const person = { name, language: 'en' };
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify('token' in by ? person : { ...person, ...by }),
  });
  const body: unknown = await response.json();
  return {
    status: response.status,
    code: textAt(body, 'code'),
    seat: response.status === 201 ? readSeat(body) : null,
  };
}

/** A guest who is there by browser, without a browser. */
export class WebCaller {
  readonly seat: SeatFacts;
  readonly media: WebMedia;
  readonly sip: SipOverWebSocket;
  /** The server's final answer to the INVITE. */
  readonly answer: SipText;

  private constructor(parts: Pick<WebCaller, 'seat' | 'media' | 'sip' | 'answer'>) {
    this.seat = parts.seat;
    this.media = parts.media;
    this.sip = parts.sip;
    this.answer = parts.answer;
  }

  /**
   * Calls with a seat. When the server refuses, `answer` says so and no media was begun. Rejects, with nothing left open,
   * when media cannot be had: the call was taken over meanwhile, perhaps.
   */
  static async call(url: string, seat: SeatFacts): Promise<WebCaller> {
    const media = await WebMedia.create();
    try {
      return await WebCaller.#callWith(media, url, seat);
    } catch (error) {
      media.close();
      throw error;
    }
  }

  static async #callWith(media: WebMedia, url: string, seat: SeatFacts): Promise<WebCaller> {
    const sip = await SipOverWebSocket.connect({
      socketUrl: `${url.replace(/^http/u, 'ws')}/sip`,
      origin: url,
      sipUri: seat.sipUri,
      credential: seat.credential,
      offer: media.offer(),
    });
    try {
      const answer = await sip.invite();
      if (answer.status === 200) await media.connect(answer.body);
      return new WebCaller({ seat, media, sip, answer });
    } catch (error) {
      sip.close();
      throw error;
    }
  }

  /** The Reason header of the first BYE that came, or an empty string. */
  get byeReason(): string {
    const bye = this.sip.requests.find(({ method }) => method === 'BYE');
    return bye === undefined ? '' : header(bye, 'reason');
  }

  async hangUp(): Promise<void> {
    await this.sip.bye();
    this.close();
  }

  close(): void {
    this.sip.close();
    this.media.close();
  }
}

function readSeat(body: unknown): SeatFacts {
  return {
    seatId: textAt(body, 'seatId'),
    credential: textAt(body, 'credential'),
    sipUri: textAt(body, 'sipUri'),
    role: textAt(body, 'role'),
  };
}

function textAt(body: unknown, key: string): string {
  if (typeof body !== 'object' || body === null) return '';
  const value: unknown = Reflect.get(body, key);
  return typeof value === 'string' ? value : '';
}
