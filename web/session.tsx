import { createContext, type ComponentChildren, type JSX } from 'preact';
import { useCallback, useContext, useEffect, useMemo, useState } from 'preact/hooks';

import type { AccountView, SessionView, Settings } from '../server/panel/api/session-api.ts';
import { api, connection, requestContext } from './api-client.ts';
import { StartingUp } from './ui/starting-up.tsx';

/** Who is logged in, and what the server says of itself. */
export interface SessionContext {
  /** Null: nobody is logged in. */
  readonly account: AccountView | null;
  readonly settings: Settings;
  /** Asks the server again who is logged in; to be called after a login and after a change of the account. */
  readonly refresh: () => Promise<AccountView | null>;
  /** Ends the session here and on the server. */
  readonly logout: () => Promise<void>;
}

const Context = createContext<SessionContext | null>(null);

/** The session of whoever looks at the page. */
export function useSession(): SessionContext {
  const context = useContext(Context);
  if (context === null) throw new Error('outside of SessionProvider');
  return context;
}

/** Asks the server for its settings and for the session before anything is shown. */
export function SessionProvider({
  children,
}: {
  readonly children: ComponentChildren;
}): JSX.Element {
  const [settings, setSettings] = useState<Settings | null>(null);
  const [account, setAccount] = useState<AccountView | null>(null);

  const refresh = useCallback(async () => {
    const found = await askSession();
    setAccount(found);
    return found;
  }, []);
  const logout = useCallback(async () => {
    await api.send('DELETE', '/session');
    await refresh();
  }, [refresh]);

  const accountId = account?.accountId;
  useEffect(() => {
    requestContext.renewCsrfToken = async () => {
      const now = await refresh();
      return now !== null && now.accountId === accountId ? 'renewed' : 'other-account';
    };
  }, [accountId, refresh]);
  useEffect(() => {
    requestContext.loggedOut = () => {
      requestContext.csrfToken = null;
      setAccount(null);
    };
    const start = (): void => {
      Promise.all([api.get<Settings>('/settings'), refresh()]).then(
        ([answer]) => setSettings(answer.data),
        // Whatever the reason is: the watch of the connection probes, and its return starts again.
        () => connection.lost(),
      );
    };
    let returns = connection.returns;
    start();
    return connection.subscribe(() => {
      if (connection.returns !== returns) start();
      returns = connection.returns;
    });
  }, [refresh]);

  const value = useMemo(
    () => (settings === null ? null : { account, settings, refresh, logout }),
    [account, settings, refresh, logout],
  );
  return value === null ? (
    <StartingUp />
  ) : (
    <Context.Provider value={value}>{children}</Context.Provider>
  );
}

async function askSession(): Promise<AccountView | null> {
  const askedAtMs = Date.now();
  const { data } = await api.get<SessionView>('/session');
  const answeredAtMs = Date.now();
  requestContext.csrfToken = data.csrfToken;
  // The server read its clock about half way through.
  requestContext.clockOffsetMs = Date.parse(data.now) - (askedAtMs + answeredAtMs) / 2;
  return data.account;
}
