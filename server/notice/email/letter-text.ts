import type { Letter, LetterBlock, LetterFact } from './letter.ts';

/** The letter as plain text. */
export function letterText(letter: Letter): string {
  const parts = [
    letter.heading,
    ...letter.blocks.map(blockText),
    `-- \n${letter.footer.join('\n')}`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** One part as plain text. */
export function blockText(block: LetterBlock): string {
  switch (block.kind) {
    case 'paragraph':
    case 'small':
      return block.text;
    case 'facts':
      return block.facts.map(factText).join('\n');
    case 'quote':
      return [
        `${block.label}:`,
        ...block.text.split('\n').map((line) => `  ${line}`.trimEnd()),
      ].join('\n');
    case 'buttons':
      return block.buttons.map(({ label, href }) => `${label}\n${href}`).join('\n\n');
    case 'steps':
      return [`${block.title}:`, ...block.steps.map((step, index) => `${index + 1}. ${step}`)].join(
        '\n',
      );
  }
}

function factText({ label, value, hint }: LetterFact): string {
  return hint === undefined ? `${label}: ${value}` : `${label}: ${value} (${hint})`;
}
