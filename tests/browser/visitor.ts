import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { PATIENCE_MS } from './until.ts';

/** One browser of one person: cookies and storage of its own, one tab to begin with. */
export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
}

/** Pages that are looked after: what the browser complained about on any of them. */
export interface Watch {
  readonly complaints: string[];
}

/** What the browser is asked to be. */
export interface VisitorOptions extends BrowserContextOptions {
  readonly language?: 'pl' | 'en';
}

const LOCALES = { pl: 'pl-PL', en: 'en-GB' } as const;

/** A browser that was never here, in Warsaw, on a computer's screen. Paths are those of the panel at `url`. */
export async function visit(
  browser: Browser,
  watch: Watch,
  { language = 'pl', ...options }: VisitorOptions & { readonly baseURL: string },
): Promise<Visitor> {
  const context = await browser.newContext({
    locale: LOCALES[language],
    timezoneId: 'Europe/Warsaw',
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  await context.addInitScript(REPORT_VIOLATIONS);
  context.on('page', (page) => watchPage(page, watch));
  return { context, page: await context.newPage() };
}

/** Violations are told on the console too, but not every browser and version does so. */
const REPORT_VIOLATIONS = `
  addEventListener('securitypolicyviolation', (event) => {
    console.error('security policy: ' + event.violatedDirective + ' ' + event.blockedURI);
  });
`;

function watchPage(page: Page, { complaints }: Watch): void {
  page.on('pageerror', (error) => complaints.push(`${page.url()}: threw ${String(error)}`));
  page.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type())) return;
    // A request that was refused is told to the person, and by the browser here as well.
    const isRefusal = message.text().startsWith('Failed to load resource');
    if (isRefusal && new URL(message.location().url).pathname.startsWith('/api/')) return;
    complaints.push(`${page.url()}: ${message.text()}`);
  });
}
