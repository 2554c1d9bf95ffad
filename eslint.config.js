import { readFileSync } from 'node:fs';
import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { konfaRules } from './tests/house/lint-rules.js';

/** Product code: all of it is held to every rule. Tests and benches may be looser where noted. */
const PRODUCT = ['server/**/*.ts', 'mixer/**/*.ts', 'db/**/*.ts', 'web/**/*.{ts,tsx}'];

/** Files that may touch clocks, sockets and the process. The same list serves the import rules. */
const SHELLS = Object.keys(
  JSON.parse(readFileSync(new URL('./tests/house/shells.json', import.meta.url), 'utf8')),
).map((path) => (path.endsWith('/') ? `${path}**` : path));

const INJECT = 'Pure code is given the time and chance; see CONTRIBUTING.md, Cores and shells.';

const SYNTAX_FOR_ALL = [
  { selector: 'TSEnumDeclaration', message: 'Use a union of strings.' },
  { selector: 'ExportDefaultDeclaration', message: 'Use a named export.' },
  {
    selector:
      ':matches(FunctionDeclaration, FunctionExpression, ArrowFunctionExpression, TSMethodSignature, TSFunctionType, TSDeclareFunction) > Identifier.params[typeAnnotation.typeAnnotation.type="TSBooleanKeyword"]',
    message: "No boolean parameters: a union such as 'muted' | 'live', or two functions.",
  },
];

const SYNTAX_OF_PURE_CODE = [
  { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: INJECT },
];

export default defineConfig(
  { ignores: ['dist/', '**/build/', 'data/', 'node_modules/'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { konfa: konfaRules },
    rules: {
      eqeqeq: 'error',
      'max-lines': ['error', { max: 400 }],
      'no-console': 'error',
      'no-restricted-syntax': ['error', ...SYNTAX_FOR_ALL],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
      'object-shorthand': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/max-params': ['error', { max: 3 }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: PRODUCT,
    rules: {
      'konfa/documented-exports': 'error',
      'konfa/function-length': 'error',
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^\\..*\\.js$', message: 'Relative imports end in .ts.' }] },
      ],
      // What is left of `as` says beside it why it is safe: eslint-disable-next-line with a reason.
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
    },
  },
  {
    files: PRODUCT,
    // A browser page is a shell: it lives by its clock, its network and its document.
    ignores: [...SHELLS, 'web/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['setTimeout', 'setInterval', 'setImmediate', 'performance', 'process', 'fetch'].map(
          (name) => ({ name, message: INJECT }),
        ),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: INJECT },
        { object: 'Math', property: 'random', message: INJECT },
        { object: 'Atomics', property: 'wait', message: INJECT },
      ],
      'no-restricted-syntax': ['error', ...SYNTAX_FOR_ALL, ...SYNTAX_OF_PURE_CODE],
    },
  },
  {
    // Vite takes its settings from the default export.
    files: ['web/vite.config.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    // Takes what Error takes, and the code and facts besides.
    files: ['mixer/protocol/coded-error.ts'],
    rules: { '@typescript-eslint/max-params': 'off' },
  },
  {
    files: ['tests/**/*.ts', 'bench/**/*.ts'],
    rules: {
      'no-console': 'off',
      '@typescript-eslint/no-unsafe-type-assertion': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.cjs'],
    languageOptions: {
      globals: { process: 'readonly', URL: 'readonly', module: 'writable', require: 'readonly' },
    },
    rules: { eqeqeq: 'error' },
  },
);
