/**
 * Lint rules of our own, for what the style asks and no published rule measures.
 * Plain JavaScript: ESLint loads it without a build.
 */

/** Most lines that a function may have of its own. */
const MOST_LINES = 40;

/** Lines that hold code, one number each: blank lines and comments do not count. */
function codeLines(sourceCode, node) {
  const lines = new Set();
  for (const token of sourceCode.getTokens(node)) {
    for (let line = token.loc.start.line; line <= token.loc.end.line; line += 1) lines.add(line);
  }
  return lines;
}

/** A `case` that does one thing: one statement, with or without a `break` after it. */
function isSingleCase(node) {
  const statements = node.consequent.filter((statement) => statement.type !== 'BreakStatement');
  return statements.length <= 1 && statements[0]?.type !== 'BlockStatement';
}

/**
 * A function fits a screen. Functions inside it are measured on their own and not twice, and a `switch` may be long
 * when each case is one statement.
 */
const functionLength = {
  meta: {
    type: 'suggestion',
    docs: { description: `a function has at most ${MOST_LINES} lines of its own` },
    schema: [],
    messages: {
      long: 'This function has {{lines}} lines of its own; {{most}} fit a screen. Split it by what it does.',
    },
  },
  create(context) {
    const { sourceCode } = context;
    const open = [];

    function discount(node) {
      const around = open.at(-1);
      if (around === undefined) return;
      for (const line of codeLines(sourceCode, node)) around.add(line);
    }

    function enter() {
      open.push(new Set());
    }

    function leave(node) {
      const discounted = open.pop();
      const lines = [...codeLines(sourceCode, node)].filter((line) => !discounted.has(line)).length;
      if (lines > MOST_LINES) {
        context.report({ node, messageId: 'long', data: { lines, most: MOST_LINES } });
      }
      discount(node);
    }

    return {
      FunctionDeclaration: enter,
      FunctionExpression: enter,
      ArrowFunctionExpression: enter,
      'FunctionDeclaration:exit': leave,
      'FunctionExpression:exit': leave,
      'ArrowFunctionExpression:exit': leave,
      SwitchCase(node) {
        if (isSingleCase(node)) discount(node);
      },
    };
  },
};

/** Declarations whose docstring stands above the `export` keyword. */
function isDocumented(sourceCode, node) {
  return sourceCode
    .getCommentsBefore(node)
    .some((comment) => comment.type === 'Block' && comment.value.startsWith('*'));
}

/** Every export says what it is. Re-exports are documented where they are declared. */
const documentedExports = {
  meta: {
    type: 'suggestion',
    docs: { description: 'every export has a docstring' },
    schema: [],
    messages: { bare: 'An export says what it is: put a docstring above it.' },
  },
  create(context) {
    const seen = new Set();
    return {
      ExportNamedDeclaration(node) {
        if (node.declaration === null) return;
        const name = node.declaration.id?.name;
        // Overloads: the docstring stands on the first one.
        if (name !== undefined && seen.has(name)) return;
        if (name !== undefined) seen.add(name);
        if (!isDocumented(context.sourceCode, node)) context.report({ node, messageId: 'bare' });
      },
    };
  },
};

/** The rules under the prefix `konfa/`. */
export const konfaRules = {
  rules: { 'function-length': functionLength, 'documented-exports': documentedExports },
};
