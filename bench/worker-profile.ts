import { WebSocket } from 'ws';

// Looks into the media workers of a server that runs with `--inspect`, by the inspector's protocol, for a while: not from
// the start, as `--cpu-prof` does.

/** What media workers spent their time on, in µs of profile; sleep between ticks is left out. */
export interface WorkerProfile {
  readonly totalUs: number;
  /** By kind of work. */
  readonly split: ReadonlyMap<string, number>;
  /** By function of ours, with what it calls of Node, of add-ons and of WASM. */
  readonly functions: ReadonlyMap<string, number>;
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children?: readonly number[];
}

interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const SAMPLE_EVERY_US = 200;
const ANSWER_MS = 15_000;
const TICK_LOOP = /\/mixer\/tick-loop/u;
const DTLS_WORKER = /dtls/u;

/** Where a function of the product or of a package stands. */
const PLACE = /\/((?:mixer|server|node_modules)\/.*)$/u;

/** The first that fits, from the innermost function outwards, says what time was spent on. */
const PARTS: readonly (readonly [string, RegExp])[] = [
  ['SRTP', /\/mixer\/transport\/(srtp\/|leg-protection)/u],
  ['I/O', /\/mixer\/(transport\/|mux-delivery|tick-loop|room\/packet-s)/u],
  ['encode', /\/mixer\/(room\/(encoded-frame|shared-frame|opus-silence)\b)|encode/u],
  ['resample+mix', /\/mixer\/(dsp\/|room\/(mix-bus|rate-|room-bus|room-mixer|room-levels))/u],
  ['jitter buffer, legs', /\/mixer\/(rtp\/|room\/|leg-session|mixer-core|room-table)/u],
];

/** Profiles every media worker for a while. @throws when the inspector does not answer. */
export async function profileWorkers(
  inspectPort: number,
  durationMs: number,
): Promise<WorkerProfile> {
  const inspector = await Inspector.connect(inspectPort);
  try {
    const workers = await inspector.mediaWorkers();
    for (const worker of workers) {
      await inspector.ask(worker, 'Profiler.enable', {});
      await inspector.ask(worker, 'Profiler.setSamplingInterval', { interval: SAMPLE_EVERY_US });
      await inspector.ask(worker, 'Profiler.start', {});
    }
    await new Promise((resolve) => setTimeout(resolve, durationMs));
    const profiles: Profile[] = [];
    for (const worker of workers) {
      const answer = await inspector.ask(worker, 'Profiler.stop', {});
      await inspector.ask(worker, 'Profiler.disable', {});
      if (isObject(answer) && isProfile(answer['profile'])) profiles.push(answer['profile']);
    }
    return sumOf(profiles);
  } finally {
    inspector.close();
  }
}

/** One connection to the inspector of a process and, through it, to those of its workers. */
class Inspector {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<string, (result: unknown) => void>();
  readonly #workers: string[] = [];
  #count = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#message(JSON.parse(data.toString('utf8'))));
  }

  static async connect(port: number): Promise<Inspector> {
    const response = await fetch(`http://127.0.0.1:${port}/json/list`);
    const targets: unknown = await response.json();
    const target: unknown = Array.isArray(targets) ? targets[0] : null;
    if (!isObject(target)) throw new Error('no inspector');
    const socket = new WebSocket(String(target['webSocketDebuggerUrl']));
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return new Inspector(socket);
  }

  /** Sessions of the media workers, not of the DTLS thread. */
  async mediaWorkers(): Promise<readonly string[]> {
    await this.#send('', 'NodeWorker.enable', { waitForDebuggerOnStart: false });
    return this.#workers;
  }

  ask(session: string, method: string, parameters: object): Promise<unknown> {
    return this.#send(session, method, parameters);
  }

  close(): void {
    this.#socket.terminate();
  }

  #send(session: string, method: string, params: object): Promise<unknown> {
    this.#count += 1;
    const id = this.#count;
    const message = { id, method, params };
    const outer =
      session === ''
        ? message
        : {
            id: -id,
            method: 'NodeWorker.sendMessageToWorker',
            params: { sessionId: session, message: JSON.stringify(message) },
          };
    return new Promise((resolve, reject) => {
      const giveUp = setTimeout(() => reject(new Error(`no answer to ${method}`)), ANSWER_MS);
      this.#waiting.set(`${session}/${id}`, (result) => {
        clearTimeout(giveUp);
        resolve(result);
      });
      this.#socket.send(JSON.stringify(outer));
    });
  }

  #message(message: unknown, session = ''): void {
    if (!isObject(message)) return;
    const parameters = message['params'];
    if (message['method'] === 'NodeWorker.attachedToWorker' && isObject(parameters)) {
      const facts = JSON.stringify(parameters['workerInfo']);
      if (!DTLS_WORKER.test(facts)) this.#workers.push(String(parameters['sessionId']));
    } else if (
      message['method'] === 'NodeWorker.receivedMessageFromWorker' &&
      isObject(parameters)
    ) {
      const inner: unknown = JSON.parse(String(parameters['message']));
      this.#message(inner, String(parameters['sessionId']));
    } else {
      this.#waiting.get(`${session}/${String(message['id'])}`)?.(message['result']);
    }
  }
}

function sumOf(profiles: readonly Profile[]): WorkerProfile {
  const split = new Map<string, number>();
  const functions = new Map<string, number>();
  let totalUs = 0;
  for (const profile of profiles) {
    const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
    const parents = new Map<number, number>();
    for (const node of profile.nodes) {
      for (const child of node.children ?? []) parents.set(child, node.id);
    }
    const parts = new Map(profile.nodes.map(({ id }) => [id, partOf(pathTo(id, nodes, parents))]));
    for (const [index, id] of profile.samples.entries()) {
      const part = parts.get(id) ?? null;
      if (part === null) continue;
      const us = profile.timeDeltas[index] ?? 0;
      totalUs += us;
      add(split, part, us);
      add(functions, nameOf(pathTo(id, nodes, parents)), us);
    }
  }
  return { split, functions, totalUs };
}

/** Frames from the innermost outwards. */
function pathTo(
  id: number,
  nodes: ReadonlyMap<number, ProfileNode>,
  parents: ReadonlyMap<number, number>,
): readonly ProfileNode['callFrame'][] {
  const path: ProfileNode['callFrame'][] = [];
  for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
    const node = nodes.get(at);
    if (node !== undefined) path.push(node.callFrame);
  }
  return path;
}

/** Null: time in which the worker waits. */
function partOf(path: readonly ProfileNode['callFrame'][]): string | null {
  const innermost = path[0]?.functionName ?? '';
  if (innermost === '(idle)' || innermost === '(root)') return null;
  // Nearly all of this function's own time is its sleep until the next tick.
  if (innermost === 'wait' || (innermost === 'turn' && TICK_LOOP.test(path[0]?.url ?? ''))) {
    return null;
  }
  if (innermost === '(garbage collector)') return 'garbage collector';
  // Below no function of ours: libuv, which reads sockets.
  if (innermost === '(program)') return 'I/O';
  for (const { url } of path) {
    if (/\/mixer\/codec\/|^wasm/u.test(url)) return codecPart(path);
    for (const [part, pattern] of PARTS) {
      if (pattern.test(url)) return part;
    }
  }
  // Node's own way from a socket to us, and messages.
  return path.some(({ url }) => url.startsWith('node:')) ? 'I/O' : 'other';
}

/** The codec's outermost own function says in which direction it works. */
function codecPart(path: readonly ProfileNode['callFrame'][]): string {
  const names = path
    .filter(({ url }) => /\/mixer\/codec\//u.test(url))
    .map(({ functionName }) => functionName);
  return names.some((name) => /encode|configure/iu.test(name)) ? 'encode' : 'decode';
}

/** The innermost function of ours, with all that it calls of Node, add-ons and WASM. */
function nameOf(path: readonly ProfileNode['callFrame'][]): string {
  const own = path.find(({ url }) => PLACE.test(url));
  if (own !== undefined) return `${own.functionName} ${placeOf(own.url)}`;
  return path[0]?.functionName.startsWith('(') === true ? path[0].functionName : 'Node itself';
}

function placeOf(url: string): string {
  return PLACE.exec(url)?.[1] ?? url;
}

function add(sums: Map<string, number>, key: string, us: number): void {
  sums.set(key, (sums.get(key) ?? 0) + us);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isProfile(value: unknown): value is Profile {
  return isObject(value) && Array.isArray(value['samples']) && Array.isArray(value['nodes']);
}
