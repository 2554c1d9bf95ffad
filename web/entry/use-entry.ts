import { useRoute, useLocation } from 'preact-iso';

import { useSession } from '../session.tsx';

/** What pages do whose link carries a token. */
export interface Entry {
  /** Of the link. */
  readonly token: string;
  /** Into the panel, once the server has logged somebody in. The address with the token is forgotten. */
  readonly enter: () => Promise<void>;
}

/** The token of the link, and the way into the panel. */
export function useEntry(): Entry {
  const { params } = useRoute();
  const { route } = useLocation();
  const { refresh } = useSession();
  return {
    token: params['token'] ?? '',
    enter: async () => {
      await refresh();
      route('/conferences', true);
    },
  };
}
