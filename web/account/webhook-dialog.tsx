import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { NewWebhook, WebhookEvent, WebhookView } from '../../server/panel/api/webhook-api.ts';
import { api, problemsFor } from '../api-client.ts';
import { useWords } from '../language.tsx';
import { Button } from '../ui/button.tsx';
import { Checkbox, FieldGroup } from '../ui/choice-field.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { Form } from '../ui/form.tsx';
import { useSubmit } from '../ui/submit.ts';
import { TextField } from '../ui/text-field.tsx';
import { SecretOnce } from './secret-once.tsx';

/** What each event means. */
export const eventWords = {
  'reservation.booked': { pl: 'zarezerwowano', en: 'booked' },
  'reservation.changed': { pl: 'zmieniono rezerwację', en: 'reservation changed' },
  'reservation.deleted': { pl: 'usunięto rezerwację', en: 'reservation deleted' },
  'notice.sent': { pl: 'wysłano powiadomienie', en: 'notice sent' },
  'notice.delivered': { pl: 'dostarczono powiadomienie', en: 'notice delivered' },
  'notice.failed': { pl: 'powiadomienie nie doszło', en: 'notice failed' },
} as const satisfies Record<WebhookEvent, { pl: string; en: string }>;

const EVENTS = [
  'reservation.booked',
  'reservation.changed',
  'reservation.deleted',
  'notice.sent',
  'notice.delivered',
  'notice.failed',
] as const satisfies readonly WebhookEvent[];

const words = {
  newTitle: { pl: 'Nowy webhook', en: 'A new webhook' },
  editTitle: { pl: 'Zmiana webhooka', en: 'Change the webhook' },
  url: { pl: 'Adres', en: 'Address' },
  urlHint: {
    pl: 'Zaczyna się od https:// i odpowiada kodem 2xx.',
    en: 'Begins with https:// and answers with a 2xx status.',
  },
  events: { pl: 'Zdarzenia', en: 'Events' },
  on: { pl: 'Włączony', en: 'On' },
  save: { pl: 'Zapisz', en: 'Save' },
  add: { pl: 'Dodaj webhook', en: 'Add the webhook' },
} as const;

/** Adds a webhook and shows its secret this once, or changes one. */
export function WebhookDialog({
  webhook,
  onClose,
}: {
  /** Null: a new one. */
  readonly webhook: WebhookView | null;
  readonly onClose: () => void;
}): JSX.Element {
  const t = useWords();
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <Dialog title={t(webhook === null ? words.newTitle : words.editTitle)} onClose={onClose}>
      {secret === null ? (
        <WebhookForm webhook={webhook} onAdded={setSecret} onChanged={onClose} />
      ) : (
        <SecretOnce secret={secret} onClose={onClose} />
      )}
    </Dialog>
  );
}

function WebhookForm({
  webhook,
  onAdded,
  onChanged,
}: {
  readonly webhook: WebhookView | null;
  readonly onAdded: (secret: string) => void;
  readonly onChanged: () => void;
}): JSX.Element {
  const t = useWords();
  const submit = useSubmit();
  const [url, setUrl] = useState(webhook?.url ?? 'https://');
  const [events, setEvents] = useState<readonly WebhookEvent[]>(webhook?.events ?? EVENTS);
  const [state, setState] = useState<'on' | 'off'>(webhook?.state ?? 'on');
  const save = async (): Promise<void> => {
    const body = { url: url.trim(), events, state };
    if (webhook === null) {
      onAdded((await api.send<NewWebhook>('POST', '/webhooks', body)).data.secret);
    } else {
      await api.send('PUT', `/webhooks/${encodeURIComponent(webhook.webhookId)}`, body);
      onChanged();
    }
  };
  return (
    <Form label={t(words.newTitle)} onSubmit={() => submit.run(save)}>
      <ErrorSummary error={submit.error} shown={['/url', '/events']} />
      <TextField
        label={t(words.url)}
        hint={t(words.urlHint)}
        type="url"
        value={url}
        onInput={setUrl}
        problems={problemsFor(submit.error, '/url')}
      />
      <FieldGroup legend={t(words.events)} problems={problemsFor(submit.error, '/events')}>
        {EVENTS.map((event) => (
          <Checkbox
            key={event}
            label={t(eventWords[event])}
            checked={events.includes(event)}
            onToggle={() =>
              setEvents(
                events.includes(event)
                  ? events.filter((one) => one !== event)
                  : EVENTS.filter((one) => one === event || events.includes(one)),
              )
            }
          />
        ))}
      </FieldGroup>
      <Checkbox
        label={t(words.on)}
        checked={state === 'on'}
        onToggle={() => setState(state === 'on' ? 'off' : 'on')}
      />
      <div class="actions">
        <Button type="submit" tone="primary" busy={submit.busy}>
          {t(webhook === null ? words.add : words.save)}
        </Button>
      </div>
    </Form>
  );
}
