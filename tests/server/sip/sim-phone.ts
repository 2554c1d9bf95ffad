import type { MonotonicMs } from '../../../mixer/protocol/units.ts';
import type { Random } from '../../../server/runtime/random.ts';
import { createSipEndpoint } from '../../../server/sip/endpoint.ts';
import type { SipEndpoint } from '../../../server/sip/endpoint.ts';
import type { OutgoingCall } from '../../../server/sip/outgoing-call.ts';
import { outboundFlow } from '../../../server/sip/outbound-flow.ts';
import type {
  DialogCommand,
  DialogEvent,
  DialogId,
  SipAction,
  SipFlow,
  SipInput,
} from '../../../server/sip/user-agent.ts';
import { arrivingFlow } from './sim-network.ts';
import type { SimNetwork, Station } from './sim-network.ts';

/** Where a `SimDoor` stands. */
export const DOOR_HOST = '10.0.0.2';

/** One call as one side saw it. */
export interface CallStory {
  readonly dialogId: DialogId;
  /** User part that was called: names the call on both sides. */
  readonly name: string;
  readonly events: DialogEvent[];
  /** Offers of ours within the call. */
  offers: number;
}

/** An endpoint with an address in a `SimNetwork`, and the stories of its calls. */
export class SimPhone implements Station {
  readonly host: string;
  readonly endpoint: SipEndpoint;
  readonly stories = new Map<DialogId, CallStory>();
  readonly #network: SimNetwork;
  readonly #onEvent: (phone: SimPhone, story: CallStory, event: DialogEvent) => void;

  constructor(options: {
    readonly network: SimNetwork;
    readonly host: string;
    readonly random: Random;
    readonly onEvent: (phone: SimPhone, story: CallStory, event: DialogEvent) => void;
  }) {
    this.host = options.host;
    this.#network = options.network;
    this.#onEvent = options.onEvent;
    this.endpoint = createSipEndpoint({
      random: options.random,
      isTrusted: () => true,
      userAgent: 'sim',
      sessionTimers: { expiresSeconds: 90, minSeconds: 90 },
    });
    options.network.add(options.host, this);
  }

  get deadlineMs(): MonotonicMs {
    return this.endpoint.deadlineMs;
  }

  receive(flow: SipFlow, bytes: Uint8Array): void {
    // What comes back over a connection of ours bears its name.
    const isOurs = flow.transport === 'tcp' && flow.remoteHost === DOOR_HOST;
    this.#feed({ type: 'received', flow: isOurs ? doorFlow('tcp') : flow, bytes });
  }

  timeout(nowMs: MonotonicMs): void {
    this.#perform(this.endpoint.handle({ type: 'timeout' }, nowMs));
  }

  lose(hosts: readonly string[]): void {
    this.#feed({ type: 'flow-closed', flow: doorFlow('tcp') });
    for (const host of hosts) this.#feed({ type: 'flow-closed', flow: arrivingFlow('tcp', host) });
  }

  command(command: DialogCommand): void {
    const story = this.stories.get(command.dialogId);
    if (command.type === 'offer' && story !== undefined) story.offers += 1;
    this.#feed({ type: 'command', command });
  }

  call(name: string, transport: 'udp' | 'tcp', call: Partial<OutgoingCall>): CallStory {
    const story: CallStory = { dialogId: `a-${name}`, name, events: [], offers: 0 };
    this.stories.set(story.dialogId, story);
    this.command({
      type: 'call',
      dialogId: story.dialogId,
      call: {
        uri: `sip:${name}@door.example.net`,
        from: `<sip:caller@${this.host}>`,
        to: `<sip:${name}@door.example.net>`,
        targets: [{ flow: doorFlow(transport), host: DOOR_HOST, port: 5060 }],
        localHost: this.host,
        credentials: { user: 'u', password: 'p', realm: 'door' },
        offer: 'v=0\r\noffer',
        answerWithinMs: 60_000,
        headers: [],
        ...call,
      },
    });
    return story;
  }

  #feed(input: SipInput): void {
    this.#perform(this.endpoint.handle(input, this.#network.nowMs));
  }

  #perform(actions: readonly SipAction[]): void {
    for (const action of actions) {
      if (action.type === 'send') this.#network.send(this.host, action, action.bytes);
      if (action.type !== 'event' || !('dialogId' in action.event)) continue;
      const { event } = action;
      const story = this.#storyOf(event);
      story.events.push(event);
      this.#onEvent(this, story, event);
    }
  }

  #storyOf(event: DialogEvent): CallStory {
    const { dialogId } = event;
    const known = this.stories.get(dialogId);
    if (known !== undefined) return known;
    const name = event.type === 'invite' ? event.invite.calledUser : '?';
    const story: CallStory = { dialogId, name, events: [], offers: 0 };
    this.stories.set(dialogId, story);
    return story;
  }
}

function doorFlow(transport: 'udp' | 'tcp'): SipFlow {
  return outboundFlow({ transport, host: DOOR_HOST, port: 5060, localPort: 5060 });
}
