import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso';

import { useWords } from '../language.tsx';
import { useSession } from '../session.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Logo } from '../ui/logo.tsx';
import { useSubmit } from '../ui/submit.ts';
import { ConnectionBanner } from './connection-banner.tsx';
import { Menu } from './menu.tsx';
import { LanguageSwitch, ThemeSwitch } from './switches.tsx';

const words = {
  skip: { pl: 'Przejdź do treści', en: 'Skip to content' },
  openMenu: { pl: 'Otwórz menu', en: 'Open menu' },
  closeMenu: { pl: 'Zamknij menu', en: 'Close menu' },
  logout: { pl: 'Wyloguj', en: 'Log out' },
  login: { pl: 'Zaloguj się', en: 'Log in' },
} as const;

/** What surrounds the pages of whoever is logged in: side menu, top bar. */
export function PanelShell({ children }: { readonly children: ComponentChildren }): JSX.Element {
  const { settings } = useSession();
  return (
    <div class="shell">
      <SkipLink />
      <aside class="side">
        <a class="brand" href="/conferences">
          <Logo />
          <span>{settings.product}</span>
        </a>
        <Menu />
      </aside>
      <div class="shell-main">
        <header class="top">
          <Drawer />
          <a class="brand brand-top" href="/conferences" aria-label={settings.product}>
            <Logo />
            <span>{settings.product}</span>
          </a>
          <div class="top-end">
            <LanguageSwitch />
            <ThemeSwitch />
            <Logout />
          </div>
        </header>
        <ConnectionBanner />
        <main id="content" class="content" tabIndex={-1}>
          {children}
        </main>
      </div>
    </div>
  );
}

/** What surrounds pages without a menu: login, links from e-mails, the page of a guest. */
export function PlainShell({ children }: { readonly children: ComponentChildren }): JSX.Element {
  const { account, settings } = useSession();
  return (
    <div class="plain">
      <SkipLink />
      <header class="top">
        <a class="brand" href={account === null ? '/login' : '/conferences'}>
          <Logo />
          <span>{settings.product}</span>
        </a>
        <div class="top-end">
          <LanguageSwitch />
          <ThemeSwitch />
        </div>
      </header>
      <ConnectionBanner />
      <main id="content" class="plain-main" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

function SkipLink(): JSX.Element {
  const t = useWords();
  return (
    <a
      class="skip"
      href="#content"
      onClick={(event) => {
        event.preventDefault();
        document.getElementById('content')?.focus();
      }}
    >
      {t(words.skip)}
    </a>
  );
}

/** The menu on narrow screens: a dialog, so that the focus stays in it while it is open. */
function Drawer(): JSX.Element {
  const t = useWords();
  const { url } = useLocation();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.close(), [url]);
  return (
    <>
      <button
        type="button"
        class="icon-button drawer-button"
        aria-label={t(words.openMenu)}
        aria-haspopup="dialog"
        onClick={() => dialog.current?.showModal()}
      >
        <Icon name="menu" />
      </button>
      <dialog
        ref={dialog}
        class="drawer"
        aria-label="Menu"
        onClick={(event) => {
          // The dialog itself is hit only beside its content: on the backdrop.
          if (event.target === event.currentTarget) dialog.current?.close();
        }}
      >
        <div class="drawer-body">
          <button
            type="button"
            class="icon-button drawer-close"
            aria-label={t(words.closeMenu)}
            onClick={() => dialog.current?.close()}
          >
            <Icon name="close" />
          </button>
          <Menu />
        </div>
      </dialog>
    </>
  );
}

function Logout(): JSX.Element {
  const t = useWords();
  const { account, logout } = useSession();
  const submit = useSubmit();
  return (
    <>
      <span class="top-name">{account?.name}</span>
      <Button
        tone="quiet"
        icon="logout"
        size="small"
        busy={submit.busy}
        label={t(words.logout)}
        onClick={() => submit.run(logout)}
      >
        <span class="top-logout">{t(words.logout)}</span>
      </Button>
    </>
  );
}
