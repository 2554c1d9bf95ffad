import type { TrunkSettings } from '../config/config.ts';
import { countryForm } from './country-form.ts';
import { readNumber, shortened } from './written-number.ts';

/** One rule of a plan, see `trunks[].numbers` in the settings. */
export type NumberRule = TrunkSettings['numbers']['called'][number];

/** How a peer writes numbers. `country`: what it leaves out; null: our own. */
export interface NumberPlan {
  readonly country: string | null;
  readonly rules: readonly NumberRule[];
}

/** What changed a number: the text was read, a context, a rule or a country code was applied, or it was cut. */
type PlanStepKind = 'received' | 'read' | 'context' | 'rule' | 'country' | 'cut';

/** A number after one step. */
export interface PlanStep {
  readonly step: PlanStepKind;
  readonly number: string;
}

/** A number in our form. */
export interface PlannedNumber {
  /** National digits, `+` and digits of another country, or a name as it was; at most 32 characters. */
  readonly number: string;
  /** The rule that was applied; `index` counts from 0. */
  readonly rule: { readonly index: number; readonly name: string | null } | null;
  /** What was received, then each step that changed it. */
  readonly steps: readonly PlanStep[];
}

/** A plan that leaves everything to the country code. */
export const NO_RULES: NumberPlan = { country: null, rules: [] };

/**
 * Brings a number to the form in which numbers are compared here. First it is read (`readNumber`), then the first rule that
 * fits is applied, then the country: `+48223500908`, `0048223500908`, `0223500908` and `22 350-09-08` become `223500908`.
 * Names pass untouched. `countryCode`: ours.
 */
export function planNumber(text: string, plan: NumberPlan, countryCode: string): PlannedNumber {
  const steps: PlanStep[] = [{ step: 'received', number: shortened(text) }];
  const note = (step: PlanStepKind, number: string): string => {
    if (steps.at(-1)?.number !== number) steps.push({ step, number });
    return number;
  };
  const written = readNumber(text);
  if (written.kind === 'name') return { number: note('read', written.text), rule: null, steps };
  const read = note('read', written.compact);
  const whole = note('context', withContext(read, written.context));
  const index = plan.rules.findIndex((rule) => fits(rule, whole));
  const rule = plan.rules[index];
  const ruled = rule === undefined ? whole : note('rule', applied(rule, whole));
  const codes = { country: plan.country ?? countryCode, own: countryCode };
  const number = note('cut', shortened(note('country', countryForm(ruled, codes))));
  return { number, rule: rule === undefined ? null : { index, name: rule.name }, steps };
}

/** RFC 3966 §5.1.5: a local number is one of its context. */
function withContext(compact: string, context: string): string {
  return context === '' || !/^\d+$/u.test(compact) ? compact : `${context}${compact}`;
}

/** `prefix` is compared as the number is written: `00` and `+` are two. */
function fits(rule: NumberRule, compact: string): boolean {
  const digits = compact.replace(/[^0-9]/gu, '').length;
  return compact.startsWith(rule.prefix) && digits >= rule.minDigits && digits <= rule.maxDigits;
}

function applied(rule: NumberRule, compact: string): string {
  return `${rule.prepend}${compact.slice(rule.strip)}`;
}
