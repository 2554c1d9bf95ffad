import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** All rules; those of colours alone; or those of what fingers must hit. */
export type AxeRules = 'all' | 'colours' | 'targets';

const OPTIONS: Readonly<Record<AxeRules, string>> = {
  all: '{ rules: { "target-size": { enabled: true } } }',
  colours: '{ runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] } }',
  targets: '{ runOnly: { type: "rule", values: ["target-size"] } }',
};

interface AxeFinding {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** What axe finds against the page as it is now, one line for each element. */
export async function axeFindings(page: Page, rules: AxeRules): Promise<readonly string[]> {
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(source);
  const findings = await page.evaluate<readonly AxeFinding[]>(
    `axe.run(document, { resultTypes: ['violations'], ...${OPTIONS[rules]} }).then(({ violations }) =>
      violations.map(({ id, help, nodes }) => ({
        id,
        help,
        nodes: nodes.map(({ html, failureSummary }) => ({ html, failureSummary })),
      })))`,
  );
  return findings.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id} (${help}): ${node.html} ${node.failureSummary ?? ''}`),
  );
}
