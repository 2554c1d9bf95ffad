import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { NewWebhook, WebhookView } from '../../server/panel/api/webhook-api.ts';
import { api, useResource } from '../api-client.ts';
import { useWords } from '../language.tsx';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog, Dialog } from '../ui/dialog.tsx';
import { ResourceView } from '../ui/resource-view.tsx';
import { useSubmit } from '../ui/submit.ts';
import { Badge, Card, EmptyState } from '../ui/surface.tsx';
import { Table, type Column } from '../ui/table.tsx';
import { DeliveriesDialog } from './deliveries-dialog.tsx';
import { SecretOnce } from './secret-once.tsx';
import { eventWords, WebhookDialog } from './webhook-dialog.tsx';

const words = {
  title: { pl: 'Webhooki', en: 'Webhooks' },
  text: {
    pl: 'Zdarzenia wysyłane na Twój adres, podpisane HMAC-SHA256, ponawiane aż dojdą.',
    en: 'Events sent to your address, signed with HMAC-SHA256, tried again until they arrive.',
  },
  add: { pl: 'Dodaj webhook', en: 'Add a webhook' },
  none: { pl: 'Nie ma żadnego webhooka', en: 'There are no webhooks' },
  url: { pl: 'Adres', en: 'Address' },
  events: { pl: 'Zdarzenia', en: 'Events' },
  state: { pl: 'Stan', en: 'State' },
  on: { pl: 'włączony', en: 'on' },
  off: { pl: 'wyłączony', en: 'off' },
  actions: { pl: 'Czynności', en: 'Actions' },
  log: { pl: 'Dziennik', en: 'Log' },
  edit: { pl: 'Zmień', en: 'Change' },
  secret: { pl: 'Nowy sekret', en: 'New secret' },
  secretTitle: { pl: 'Zmienić sekret?', en: 'Change the secret?' },
  secretText: {
    pl: 'Nowy sekret podpisuje od zaraz; program musi go znać, żeby dalej wierzyć zdarzeniom.',
    en: 'The new secret signs at once; the program must know it to go on believing events.',
  },
  remove: { pl: 'Usuń', en: 'Delete' },
  removeTitle: { pl: 'Usunąć webhook?', en: 'Delete the webhook?' },
  removeText: {
    pl: 'Razem z dziennikiem dostarczeń. Zdarzenia przestaną przychodzić.',
    en: 'With its delivery log. Events stop coming.',
  },
} as const;

type Act = 'new' | 'edit' | 'log' | 'secret' | 'remove';
interface Open {
  readonly act: Act;
  readonly webhook: WebhookView | null;
}

/** The webhooks of the account. */
export function WebhooksCard(): JSX.Element {
  const t = useWords();
  const webhooks = useResource<{ readonly webhooks: readonly WebhookView[] }>('/webhooks');
  const [open, setOpen] = useState<Open | null>(null);
  const columns = useColumns((act, webhook) => setOpen({ act, webhook }));
  return (
    <Card
      title={t(words.title)}
      aside={
        <Button icon="plus" size="small" onClick={() => setOpen({ act: 'new', webhook: null })}>
          {t(words.add)}
        </Button>
      }
    >
      <p>{t(words.text)}</p>
      <ResourceView resource={webhooks}>
        {(data) =>
          data.webhooks.length === 0 ? (
            <EmptyState icon="administration" title={t(words.none)} />
          ) : (
            <Table
              caption={t(words.title)}
              columns={columns}
              rows={data.webhooks}
              keyOf={(webhook) => webhook.webhookId}
            />
          )
        }
      </ResourceView>
      {open === null ? null : (
        <OpenDialog
          open={open}
          onClose={() => {
            setOpen(null);
            webhooks.reload();
          }}
        />
      )}
    </Card>
  );
}

function useColumns(act: (act: Act, webhook: WebhookView) => void): Column<WebhookView>[] {
  const t = useWords();
  return [
    { heading: t(words.url), cell: ({ url }) => <span class="break">{url}</span> },
    {
      heading: t(words.events),
      cell: ({ events }) => events.map((event) => t(eventWords[event])).join(', '),
    },
    {
      heading: t(words.state),
      cell: ({ state }) => (
        <Badge tone={state === 'on' ? 'good' : 'neutral'}>{t(words[state])}</Badge>
      ),
    },
    {
      heading: t(words.actions),
      kind: 'actions',
      cell: (webhook) => (
        <div class="actions">
          {(['log', 'edit', 'secret'] as const).map((one) => (
            <Button key={one} size="small" onClick={() => act(one, webhook)}>
              {t(words[one])}
            </Button>
          ))}
          <Button size="small" tone="danger" onClick={() => act('remove', webhook)}>
            {t(words.remove)}
          </Button>
        </div>
      ),
    },
  ];
}

function OpenDialog({
  open,
  onClose,
}: {
  readonly open: Open;
  readonly onClose: () => void;
}): JSX.Element {
  const { act, webhook } = open;
  if (webhook === null || act === 'new') return <WebhookDialog webhook={null} onClose={onClose} />;
  if (act === 'edit') return <WebhookDialog webhook={webhook} onClose={onClose} />;
  if (act === 'log') return <DeliveriesDialog webhook={webhook} onClose={onClose} />;
  if (act === 'secret') return <SecretDialog webhook={webhook} onClose={onClose} />;
  return <RemovalDialog webhook={webhook} onClose={onClose} />;
}

interface ForOne {
  readonly webhook: WebhookView;
  readonly onClose: () => void;
}

function SecretDialog({ webhook, onClose }: ForOne): JSX.Element {
  const t = useWords();
  const submit = useSubmit();
  const [secret, setSecret] = useState<string | null>(null);
  const change = async (): Promise<void> => {
    const path = `/webhooks/${encodeURIComponent(webhook.webhookId)}/secret`;
    setSecret((await api.send<NewWebhook>('POST', path)).data.secret);
  };
  if (secret !== null) {
    return (
      <Dialog title={t(words.secret)} onClose={onClose}>
        <SecretOnce secret={secret} onClose={onClose} />
      </Dialog>
    );
  }
  return (
    <ConfirmDialog
      title={t(words.secretTitle)}
      action={t(words.secret)}
      tone="primary"
      busy={submit.busy}
      error={submit.error}
      onConfirm={() => submit.run(change)}
      onClose={onClose}
    >
      <p class="break muted">{webhook.url}</p>
      <p>{t(words.secretText)}</p>
    </ConfirmDialog>
  );
}

function RemovalDialog({ webhook, onClose }: ForOne): JSX.Element {
  const t = useWords();
  const submit = useSubmit();
  const remove = async (): Promise<void> => {
    await api.send('DELETE', `/webhooks/${encodeURIComponent(webhook.webhookId)}`);
    onClose();
  };
  return (
    <ConfirmDialog
      title={t(words.removeTitle)}
      action={t(words.remove)}
      busy={submit.busy}
      error={submit.error}
      onConfirm={() => submit.run(remove)}
      onClose={onClose}
    >
      <p class="break muted">{webhook.url}</p>
      <p>{t(words.removeText)}</p>
    </ConfirmDialog>
  );
}
