import type { JSX } from 'preact';

import { useSession } from '../session.tsx';
import { TokensCard } from './tokens-card.tsx';
import { WebhooksCard } from './webhooks-card.tsx';

/** What lets programs in: tokens of the REST interface, and events sent to them. */
export function ProgramsPart(): JSX.Element {
  const { settings } = useSession();
  return (
    <div class="stack">
      <TokensCard />
      {settings.webhooks ? <WebhooksCard /> : null}
    </div>
  );
}
