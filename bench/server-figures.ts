import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import type { CompiledServer } from './compiled-server.ts';

/** What a server counted and holds, from its page for monitoring and the system. */
export interface ScrapedFigures {
  /** Of `/metrics`, each summed over its labels. */
  readonly metrics: ReadonlyMap<string, number>;
  /** Open files and sockets, those of the database left out. */
  readonly files: number;
}

/** What the main thread of `bench/silent-server.ts` holds, after the garbage is gone. */
export interface ProcessFigures {
  readonly heapBytes: number;
  readonly bufferBytes: number;
  readonly timers: number;
  /** Sockets, threads and what else keeps a process awake. */
  readonly handles: number;
}

const DATABASE_FILE = /\.db(?:-wal|-shm)?$/u;
const LABELS = /\{.*\}/u;

/** Reads what a server tells of itself. @throws when it does not answer. */
export async function scrape(server: Pick<CompiledServer, 'url' | 'pid'>): Promise<ScrapedFigures> {
  // Before there is the connection that asks.
  const files = openFiles(server.pid);
  const response = await fetch(`${server.url}/metrics`, { headers: { connection: 'close' } });
  if (!response.ok) throw new Error(`/metrics answers ${response.status}`);
  const metrics = new Map<string, number>();
  for (const line of (await response.text()).split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const end = line.lastIndexOf(' ');
    const name = line.slice(0, end).replace(LABELS, '');
    metrics.set(name, (metrics.get(name) ?? 0) + Number(line.slice(end + 1)));
  }
  return { metrics, files };
}

/** Without those of the database, whose connections open their log when they first need it. */
function openFiles(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  const names = readdirSync(folder).map((name) => {
    try {
      return readlinkSync(`${folder}/${name}`);
    } catch {
      // It was closed meanwhile, as the one of this very list.
      return '';
    }
  });
  return names.filter((name) => name !== '' && !DATABASE_FILE.test(name)).length;
}

/** Asks `bench/silent-server.ts`. */
export async function askProcess(server: CompiledServer): Promise<ProcessFigures> {
  server.process.send('figures');
  const answer: readonly unknown[] = await once(server.process, 'message');
  const [figures] = answer;
  const field = (name: string): number =>
    typeof figures === 'object' && figures !== null ? Number(Reflect.get(figures, name)) : 0;
  return {
    heapBytes: field('heapBytes'),
    bufferBytes: field('bufferBytes'),
    timers: field('timers'),
    handles: field('handles'),
  };
}
