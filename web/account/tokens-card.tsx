import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { ApiTokenView } from '../../server/panel/api/account-api.ts';
import { api, serverNowMs, useResource } from '../api-client.ts';
import { useLanguage, useWords } from '../language.tsx';
import { useSession } from '../session.tsx';
import { date, relative } from '../time.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { ResourceView } from '../ui/resource-view.tsx';
import { useSubmit } from '../ui/submit.ts';
import { Card, EmptyState } from '../ui/surface.tsx';
import { Table, type Column } from '../ui/table.tsx';
import { NewTokenDialog, scopeWords } from './new-token-dialog.tsx';

const words = {
  title: { pl: 'Tokeny dostępu', en: 'Access tokens' },
  text: {
    pl: 'Dla programów, które mają rezerwować i czytać w Twoim imieniu przez interfejs REST.',
    en: 'For programs that book and read in your name through the REST interface.',
  },
  reference: { pl: 'Opis interfejsu (OpenAPI)', en: 'Description of the interface (OpenAPI)' },
  add: { pl: 'Dodaj token', en: 'Add a token' },
  none: { pl: 'Nie ma żadnego tokenu', en: 'There are no tokens' },
  name: { pl: 'Nazwa', en: 'Name' },
  scopes: { pl: 'Wolno mu', en: 'It may' },
  used: { pl: 'Ostatnio użyty', en: 'Last used' },
  never: { pl: 'nigdy', en: 'never' },
  expires: { pl: 'Wygasa', en: 'Expires' },
  actions: { pl: 'Czynności', en: 'Actions' },
  remove: { pl: 'Usuń', en: 'Delete' },
  removeWhich: { pl: (name: string) => `Usuń: ${name}`, en: (name: string) => `Delete: ${name}` },
  removeTitle: {
    pl: (name: string) => `Usunąć token „${name}”?`,
    en: (name: string) => `Delete the token “${name}”?`,
  },
  removeText: {
    pl: 'Program, który go używa, straci dostęp od razu.',
    en: 'The program that uses it loses access at once.',
  },
} as const;

/** The tokens of the account. */
export function TokensCard(): JSX.Element {
  const t = useWords();
  const tokens = useResource<{ readonly tokens: readonly ApiTokenView[] }>('/account/tokens');
  const [dialog, setDialog] = useState<'new' | ApiTokenView | null>(null);
  const columns = useColumns(setDialog);
  const close = (): void => {
    setDialog(null);
    tokens.reload();
  };
  return (
    <Card
      title={t(words.title)}
      aside={
        <Button icon="plus" size="small" onClick={() => setDialog('new')}>
          {t(words.add)}
        </Button>
      }
    >
      <p>
        {t(words.text)}{' '}
        <a href="/api/v1/openapi.json" target="_blank" rel="noopener">
          {t(words.reference)}
        </a>
      </p>
      <ResourceView resource={tokens}>
        {(data) =>
          data.tokens.length === 0 ? (
            <EmptyState icon="administration" title={t(words.none)} />
          ) : (
            <Table
              caption={t(words.title)}
              columns={columns}
              rows={data.tokens}
              keyOf={(token) => token.tokenId}
            />
          )
        }
      </ResourceView>
      {dialog === 'new' ? <NewTokenDialog onClose={close} /> : null}
      {dialog === null || dialog === 'new' ? null : (
        <RemovalDialog token={dialog} onClose={close} />
      )}
    </Card>
  );
}

function useColumns(remove: (token: ApiTokenView) => void): Column<ApiTokenView>[] {
  const t = useWords();
  const { language } = useLanguage();
  const zone = useSession().account?.zone ?? 'UTC';
  return [
    { heading: t(words.name), cell: (token) => <strong>{token.name}</strong> },
    {
      heading: t(words.scopes),
      cell: (token) => token.scopes.map((scope) => t(scopeWords[scope])).join(', '),
    },
    {
      heading: t(words.used),
      cell: ({ lastUsedAt }) =>
        lastUsedAt === null ? t(words.never) : relative(lastUsedAt, serverNowMs(), language),
    },
    {
      heading: t(words.expires),
      cell: ({ expiresAt }) =>
        expiresAt === null ? t(words.never) : date(expiresAt, { language, zone }),
    },
    {
      heading: t(words.actions),
      kind: 'actions',
      cell: (token) => (
        <Button
          size="small"
          tone="danger"
          label={t(words.removeWhich)(token.name)}
          onClick={() => remove(token)}
        >
          {t(words.remove)}
        </Button>
      ),
    },
  ];
}

function RemovalDialog({
  token,
  onClose,
}: {
  readonly token: ApiTokenView;
  readonly onClose: () => void;
}): JSX.Element {
  const t = useWords();
  const submit = useSubmit();
  const remove = async (): Promise<void> => {
    await api.send('DELETE', `/account/tokens/${encodeURIComponent(token.tokenId)}`);
    onClose();
  };
  return (
    <ConfirmDialog
      title={t(words.removeTitle)(token.name)}
      action={t(words.remove)}
      busy={submit.busy}
      error={submit.error}
      onConfirm={() => submit.run(remove)}
      onClose={onClose}
    >
      <p>{t(words.removeText)}</p>
    </ConfirmDialog>
  );
}
