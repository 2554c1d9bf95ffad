import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { LocationProvider, Route, Router, useLocation } from 'preact-iso';

import { LoginPage } from './entry/login-page.tsx';
import { LanguageProvider } from './language.tsx';
import { CrashBoundary } from './layout/crash-boundary.tsx';
import { NotFoundPage } from './layout/not-found-page.tsx';
import { PanelShell, PlainShell } from './layout/shell.tsx';
import { lazyPage } from './lazy-page.tsx';
import { ListPage } from './reservation/list-page.tsx';
import { SessionProvider, useSession } from './session.tsx';
import { ToastProvider } from './ui/toast.tsx';

const SignUpPage = lazyPage(async () => (await import('./entry/sign-up-page.tsx')).SignUpPage);
const ConfirmPage = lazyPage(async () => (await import('./entry/link-pages.tsx')).ConfirmPage);
const ConfirmEmailPage = lazyPage(
  async () => (await import('./entry/link-pages.tsx')).ConfirmEmailPage,
);
const ResetRequestPage = lazyPage(
  async () => (await import('./entry/reset-pages.tsx')).ResetRequestPage,
);
const ResetPage = lazyPage(async () => (await import('./entry/reset-pages.tsx')).ResetPage);
const AcceptPage = lazyPage(async () => (await import('./entry/accept-page.tsx')).AcceptPage);
const SetupPage = lazyPage(async () => (await import('./entry/setup-page.tsx')).SetupPage);
const JoinPage = lazyPage(async () => (await import('./join/join-page.tsx')).JoinPage);
const NumberPage = lazyPage(async () => (await import('./join/number-page.tsx')).NumberPage);
const FormPage = lazyPage(async () => (await import('./reservation/form-page.tsx')).FormPage);
const DetailsPage = lazyPage(
  async () => (await import('./reservation/details-page.tsx')).DetailsPage,
);
const ConfirmationPage = lazyPage(
  async () => (await import('./reservation/confirmation-page.tsx')).ConfirmationPage,
);
const HistoryPage = lazyPage(
  async () => (await import('./reservation/history-page.tsx')).HistoryPage,
);
const ContactsPage = lazyPage(
  async () => (await import('./contact/contacts-page.tsx')).ContactsPage,
);
const AccountPage = lazyPage(async () => (await import('./account/account-page.tsx')).AccountPage);
const AdministrationPage = lazyPage(
  async () => (await import('./administration/administration-page.tsx')).AdministrationPage,
);
const HelpPage = lazyPage(async () => (await import('./help/help-page.tsx')).HelpPage);

/** The panel. */
export function App(): JSX.Element {
  return (
    <SessionProvider>
      <LanguageProvider>
        <ToastProvider>
          <LocationProvider>
            <CrashBoundary>
              <Pages />
            </CrashBoundary>
          </LocationProvider>
        </ToastProvider>
      </LanguageProvider>
    </SessionProvider>
  );
}

/** Pages that links in e-mails lead to, and those of guests: never with the menu around. */
const LINKS = /^\/(?:j|join|confirm|confirm-email|reset|accept|setup)(?:\/|$)/u;
/** Answers of the interface that refuse name a page below it. */
const HELP = /^\/help(?:\/|$)/u;
const ENTRY = /^\/(?:login|sign-up|reset)$/u;

function Pages(): JSX.Element {
  const { account } = useSession();
  const { path } = useLocation();
  if (!isDecodable(path)) {
    return (
      <PlainShell>
        <NotFoundPage />
      </PlainShell>
    );
  }
  if (LINKS.test(path) && !ENTRY.test(path)) return <LinkRoutes />;
  if (HELP.test(path) && account === null) {
    return (
      <PlainShell>
        <HelpPage />
      </PlainShell>
    );
  }
  if (account === null) return ENTRY.test(path) ? <EntryRoutes /> : <ToLogin />;
  return ENTRY.test(path) || path === '/' ? <ToPanel /> : <PanelRoutes />;
}

/** The router decodes the parts of a path, and would throw at `%E0`. */
function isDecodable(path: string): boolean {
  try {
    // The outcome is used: minifiers take the call for one without effects.
    return decodeURIComponent(path) !== '';
  } catch {
    return false;
  }
}

/** To the login, which leads back to where somebody wanted to go. */
function ToLogin(): null {
  const { route, url } = useLocation();
  useEffect(() => {
    route(url === '/' ? '/login' : `/login?next=${encodeURIComponent(url)}`, true);
  }, [route, url]);
  return null;
}

/** Whoever is logged in goes on to where the login was asked for. */
function ToPanel(): null {
  const { route, query } = useLocation();
  const next = query['next'];
  useEffect(() => {
    route(next !== undefined && isOwnPath(next) ? next : '/conferences', true);
  }, [route, next]);
  return null;
}

/** A path of ours: `//example.org` and `/\example.org` would lead elsewhere. */
function isOwnPath(path: string): boolean {
  return /^\/(?![/\\])/u.test(path) && URL.parse(path, location.origin)?.origin === location.origin;
}

function LinkRoutes(): JSX.Element {
  return (
    <PlainShell>
      <Router>
        <Route path="/j/:token" component={JoinPage} />
        <Route path="/join" component={NumberPage} />
        <Route path="/confirm/:token" component={ConfirmPage} />
        <Route path="/confirm-email/:token" component={ConfirmEmailPage} />
        <Route path="/reset/:token" component={ResetPage} />
        <Route path="/accept/:token" component={AcceptPage} />
        <Route path="/setup/:token" component={SetupPage} />
        <Route default component={NotFoundPage} />
      </Router>
    </PlainShell>
  );
}

function EntryRoutes(): JSX.Element {
  return (
    <PlainShell>
      <Router>
        <Route path="/login" component={LoginPage} />
        <Route path="/sign-up" component={SignUpPage} />
        <Route path="/reset" component={ResetRequestPage} />
      </Router>
    </PlainShell>
  );
}

function PanelRoutes(): JSX.Element {
  return (
    <PanelShell>
      <Router>
        <Route path="/conferences" component={ListPage} />
        <Route path="/conferences/new" component={FormPage} />
        <Route path="/conferences/:id" component={DetailsPage} />
        <Route path="/conferences/:id/edit" component={FormPage} />
        <Route path="/conferences/:id/booked" component={ConfirmationPage} />
        <Route path="/history" component={HistoryPage} />
        <Route path="/contacts" component={ContactsPage} />
        <Route path="/account/:part?" component={AccountPage} />
        <Route path="/administration/:part?" component={AdministrationPage} />
        <Route path="/help/:topic?" component={HelpPage} />
        <Route default component={NotFoundPage} />
      </Router>
    </PanelShell>
  );
}
