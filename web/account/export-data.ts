import type { Api } from '../api-caller.ts';

/** Lists that come whole. */
const WHOLE = {
  account: '/account',
  sessions: '/account/sessions',
  tokens: '/account/tokens',
  balance: '/account/balance',
  contacts: '/contacts',
  reservations: '/reservations',
  webhooks: '/webhooks',
} as const;

/** More pages of history than anybody has: a server that repeats its cursor ends here. */
const MOST_PAGES = 500;

/**
 * Everything that the interface tells an account about itself, history page by page.
 * @throws {ApiProblem} @throws {Offline} as `Api` does.
 */
export async function exportData(
  api: Pick<Api, 'get'>,
): Promise<Readonly<Record<string, unknown>>> {
  const data: Record<string, unknown> = {};
  for (const [name, path] of Object.entries(WHOLE)) {
    data[name] = (await api.get<unknown>(path)).data;
  }
  return { ...data, history: await exportHistory(api) };
}

async function exportHistory(api: Pick<Api, 'get'>): Promise<readonly unknown[]> {
  const history: unknown[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const after: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { data } = await api.get<{
      readonly reservations: readonly unknown[];
      readonly nextCursor: string | null;
    }>(`/history?limit=100${after}`);
    history.push(...data.reservations);
    if (data.nextCursor === null) break;
    cursor = data.nextCursor;
  }
  return history;
}
