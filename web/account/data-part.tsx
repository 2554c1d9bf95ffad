import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { api, problemsFor } from '../api-client.ts';
import { useWords } from '../language.tsx';
import { useSession } from '../session.tsx';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { saveFile } from '../ui/save-file.ts';
import { useSubmit } from '../ui/submit.ts';
import { Card } from '../ui/surface.tsx';
import { PasswordField, TextField } from '../ui/text-field.tsx';
import { exportData } from './export-data.ts';

const words = {
  export: { pl: 'Pobierz moje dane', en: 'Download my data' },
  exportText: {
    pl: 'Profil, rezerwacje, historia, kontakty, środki i ustawienia — w jednym pliku JSON.',
    en: 'Profile, reservations, history, contacts, funds and settings — in one JSON file.',
  },
  exportAction: { pl: 'Pobierz plik', en: 'Download the file' },
  delete: { pl: 'Usuń konto', en: 'Delete the account' },
  deleteText: {
    pl: 'Usuwa konto razem ze wszystkimi danymi. Zaplanowane telekonferencje zostaną odwołane, a uczestnicy — zawiadomieni. Tego nie da się cofnąć.',
    en: 'Deletes the account with all its data. Planned conferences are cancelled, and their participants told. This cannot be undone.',
  },
  deleteAction: { pl: 'Usuń konto…', en: 'Delete the account…' },
  deleteTitle: { pl: 'Usunąć konto na zawsze?', en: 'Delete the account for ever?' },
  deleteConfirm: { pl: 'Usuń na zawsze', en: 'Delete for ever' },
  typeEmail: {
    pl: (email: string) => `Aby potwierdzić, wpisz adres konta: ${email}`,
    en: (email: string) => `To confirm, type the address of the account: ${email}`,
  },
  password: { pl: 'Hasło', en: 'Password' },
} as const;

/** Export and deletion. */
export function DataPart(): JSX.Element {
  return (
    <div class="columns">
      <ExportCard />
      <DeletionCard />
    </div>
  );
}

function ExportCard(): JSX.Element {
  const t = useWords();
  const submit = useSubmit();
  const save = async (): Promise<void> => {
    saveFile('konfa.json', JSON.stringify(await exportData(api), null, 2));
  };
  return (
    <Card title={t(words.export)}>
      <p>{t(words.exportText)}</p>
      <ErrorSummary error={submit.error} />
      <div class="actions">
        <Button icon="download" busy={submit.busy} onClick={() => submit.run(save)}>
          {t(words.exportAction)}
        </Button>
      </div>
    </Card>
  );
}

function DeletionCard(): JSX.Element {
  const t = useWords();
  const [dialog, setDialog] = useState<'open' | 'closed'>('closed');
  return (
    <Card title={t(words.delete)}>
      <p>{t(words.deleteText)}</p>
      <div class="actions">
        <Button tone="danger" icon="trash" onClick={() => setDialog('open')}>
          {t(words.deleteAction)}
        </Button>
      </div>
      {dialog === 'open' ? <DeletionDialog onClose={() => setDialog('closed')} /> : null}
    </Card>
  );
}

function DeletionDialog({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const t = useWords();
  const { account, refresh } = useSession();
  const submit = useSubmit();
  const [typed, setTyped] = useState('');
  const [password, setPassword] = useState('');
  const email = account?.email ?? '';
  const erase = async (): Promise<void> => {
    await api.send('DELETE', '/account', { password });
    await refresh();
  };
  return (
    <ConfirmDialog
      title={t(words.deleteTitle)}
      action={t(words.deleteConfirm)}
      busy={submit.busy}
      ready={typed.trim().toLowerCase() === email.toLowerCase() && password !== ''}
      error={submit.error}
      shown={['/password']}
      onConfirm={() => submit.run(erase)}
      onClose={onClose}
    >
      <p>{t(words.deleteText)}</p>
      <TextField label={t(words.typeEmail)(email)} value={typed} onInput={setTyped} />
      <PasswordField
        label={t(words.password)}
        value={password}
        onInput={setPassword}
        problems={problemsFor(submit.error, '/password')}
      />
    </ConfirmDialog>
  );
}
