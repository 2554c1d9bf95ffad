import type { ESLint } from 'eslint';

/** The rules under the prefix `konfa/`. */
export declare const konfaRules: ESLint.Plugin;
