import type { JSX } from 'preact';

import type { DeliveryList, WebhookView } from '../../server/panel/api/webhook-api.ts';
import { api } from '../api-client.ts';
import { useCursorList, type CursorPage } from '../cursor-list.ts';
import { plural, useLanguage, useWords } from '../language.tsx';
import { useSession } from '../session.tsx';
import { dateTime } from '../time.ts';
import { Button } from '../ui/button.tsx';
import { CursorListView } from '../ui/cursor-list-view.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Disclosure } from '../ui/disclosure.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { useSubmit } from '../ui/submit.ts';
import { Badge, EmptyState } from '../ui/surface.tsx';
import { eventWords } from './webhook-dialog.tsx';

type Delivery = DeliveryList['deliveries'][number];

const words = {
  title: { pl: 'Dziennik dostarczeń', en: 'Delivery log' },
  none: { pl: 'Jeszcze nic nie wysłano', en: 'Nothing was sent yet' },
  pending: { pl: 'w drodze', en: 'under way' },
  delivered: { pl: 'dostarczone', en: 'delivered' },
  failed: { pl: 'nie dostarczone', en: 'failed' },
  tries: {
    pl: (n: number) =>
      `${n} ${plural('pl', n, { one: 'próba', few: 'próby', many: 'prób', other: 'próby' })}`,
    en: (n: number) => `${n} ${plural('en', n, { one: 'try', other: 'tries' })}`,
  },
  next: { pl: (at: string) => `następna: ${at}`, en: (at: string) => `next: ${at}` },
  body: { pl: 'Treść', en: 'Body' },
  again: { pl: 'Wyślij ponownie', en: 'Send again' },
} as const;

const TONES = { pending: 'info', delivered: 'good', failed: 'bad' } as const;

/** What was sent to a webhook, the latest first. */
export function DeliveriesDialog({
  webhook,
  onClose,
}: {
  readonly webhook: WebhookView;
  readonly onClose: () => void;
}): JSX.Element {
  const t = useWords();
  const path = `/webhooks/${encodeURIComponent(webhook.webhookId)}/deliveries`;
  const list = useCursorList<DeliveryList, Delivery>(`${path}?limit=20`, pageOf);
  const submit = useSubmit();
  const sendAgain = async (delivery: Delivery): Promise<void> => {
    await api.send('POST', `${path}/${encodeURIComponent(delivery.deliveryId)}/redeliver`);
    list.reload();
  };
  return (
    <Dialog title={t(words.title)} onClose={onClose}>
      <div class="stack-small">
        <p class="break muted">{webhook.url}</p>
        <ErrorSummary error={submit.error} />
        <CursorListView list={list} empty={<EmptyState icon="history" title={t(words.none)} />}>
          {(rows) => (
            <ul class="rows">
              {rows.map((delivery) => (
                <li key={delivery.deliveryId}>
                  <DeliveryRow delivery={delivery} />
                  {delivery.state === 'pending' ? null : (
                    <Button
                      size="small"
                      busy={submit.busy}
                      onClick={() => submit.run(() => sendAgain(delivery))}
                    >
                      {t(words.again)}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          )}
        </CursorListView>
      </div>
    </Dialog>
  );
}

function pageOf(answer: DeliveryList): CursorPage<Delivery> {
  return { rows: answer.deliveries, nextCursor: answer.nextCursor };
}

function DeliveryRow({ delivery }: { readonly delivery: Delivery }): JSX.Element {
  const t = useWords();
  const { language } = useLanguage();
  const zone = useSession().account?.zone ?? 'UTC';
  const facts = [
    dateTime(delivery.createdAt, { language, zone }),
    t(words.tries)(delivery.attempts),
    delivery.status === null ? null : `HTTP ${delivery.status}`,
    delivery.reason,
    delivery.nextAttemptAt === null
      ? null
      : t(words.next)(dateTime(delivery.nextAttemptAt, { language, zone })),
  ];
  return (
    <>
      <div class="actions">
        <strong>{t(eventWords[delivery.event])}</strong>
        <Badge tone={TONES[delivery.state]}>{t(words[delivery.state])}</Badge>
      </div>
      <p class="small muted break">{facts.filter((fact) => fact !== null).join(' · ')}</p>
      <Disclosure summary={t(words.body)}>
        <pre class="secret" tabIndex={0}>
          {delivery.body}
        </pre>
      </Disclosure>
    </>
  );
}
