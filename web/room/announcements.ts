import type { LiveEvent } from './live-state.ts';

/** Coming and going, gathered so that a full room does not talk over itself. */
export interface Gathered {
  readonly joined: readonly string[];
  readonly left: readonly string[];
  /** When the first of them came; null while there is nothing to say. */
  readonly sinceMs: number | null;
}

/** What is said. Names may be empty when they are withheld. */
export type Announcement =
  | { readonly type: 'joined' | 'left'; readonly name: string }
  | { readonly type: 'many-joined' | 'many-left'; readonly count: number }
  | Exclude<LiveEvent, { type: 'joined' | 'left' }>;

/** Nothing gathered. */
export const NOTHING_GATHERED: Gathered = { joined: [], left: [], sinceMs: null };

/** How long comings and goings are gathered before they are said. */
const GATHER_MS = 3000;

/** Takes events in. Those of others' coming and going wait; the others are said at once. */
export function gather(
  gathered: Gathered,
  events: readonly LiveEvent[],
  nowMs: number,
): { readonly gathered: Gathered; readonly say: readonly Announcement[] } {
  let next = gathered;
  const say: Announcement[] = [];
  for (const event of events) {
    if (event.type === 'joined' || event.type === 'left') {
      next = {
        ...next,
        [event.type]: [...next[event.type], event.name],
        sinceMs: next.sinceMs ?? nowMs,
      };
    } else {
      say.push(event);
    }
  }
  return { gathered: next, say };
}

/** When what is gathered is to be said; null: nothing is. */
export function gatheredDueMs({ sinceMs }: Gathered): number | null {
  return sinceMs === null ? null : sinceMs + GATHER_MS;
}

/** What is gathered, in at most two sentences. */
export function sayGathered({ joined, left }: Gathered): readonly Announcement[] {
  return [...said('joined', joined), ...said('left', left)];
}

function said(type: 'joined' | 'left', names: readonly string[]): readonly Announcement[] {
  const [name] = names;
  if (name === undefined) return [];
  return names.length === 1 ? [{ type, name }] : [{ type: `many-${type}`, count: names.length }];
}
