import { STYLE, styleSheet, TONE_COLOURS } from './letter-style.ts';
import type { ToneColours } from './letter-style.ts';
import type { Letter, LetterBlock, LetterButton, LetterFact } from './letter.ts';
import { markup, safeHref, withLineBreaks } from './markup.ts';
import type { Markup } from './markup.ts';

/** Blanks behind the preview, so that mail programs show nothing of the letter after it. */
const PREVIEW_PADDING = '\u00a0\u200c'.repeat(60);

/**
 * The letter as an HTML document: one column of at most 600 pixels, styles in the elements, a style sheet for dark and
 * narrow screens, nothing from elsewhere and no script.
 */
export function letterHtml(letter: Letter): string {
  const colours = TONE_COLOURS[letter.tone];
  const sheet = { html: styleSheet(colours) };
  const page = markup`<!DOCTYPE html>
<html lang="${letter.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<meta name="x-apple-disable-message-reformatting">
<title>${letter.subject}</title>
<style>${sheet}</style>
</head>
<body class="page ink" style="${STYLE.page}">
<div style="${STYLE.preview}" aria-hidden="true">${letter.preview}${PREVIEW_PADDING}</div>
<div class="page" style="${STYLE.frame}" role="article" aria-label="${letter.subject}">
${forOutlook('<table role="presentation" width="600" align="center"><tr><td>')}
<div class="soft" style="${STYLE.brand}">${letter.brand}</div>
<div class="card" style="${STYLE.card}">
<div style="${STYLE.band};background:${colours.accent}">&nbsp;</div>
<div class="inner" style="${STYLE.inner}">
<p class="accent" style="${STYLE.eyebrow};color:${colours.accent}">${letter.eyebrow}</p>
<h1 class="heading ink" style="${STYLE.heading}">${letter.heading}</h1>
${letter.blocks.map((block) => blockMarkup(block, colours))}
</div>
</div>
<div class="soft" style="${STYLE.footer}">${withLineBreaks(letter.footer.join('\n'))}</div>
${forOutlook('</td></tr></table>')}
</div>
</body>
</html>
`;
  return page.html;
}

/** Outlook on Windows knows no max-width: it gets a table around the letter that only it sees. */
function forOutlook(html: string): Markup {
  return { html: `<!--[if mso]>${html}<![endif]-->` };
}

function blockMarkup(block: LetterBlock, colours: ToneColours): Markup {
  switch (block.kind) {
    case 'paragraph':
      return markup`<p class="ink" style="${STYLE.paragraph}">${block.text}</p>\n`;
    case 'small':
      return markup`<p class="soft" style="${STYLE.small}">${block.text}</p>\n`;
    case 'facts':
      return factsMarkup(block.facts, colours);
    case 'quote':
      return markup`<div class="quote" style="${STYLE.quote}">
<div class="soft" style="${STYLE.factLabel}">${block.label}</div>
<div class="ink" style="${STYLE.factPlain}">${withLineBreaks(block.text)}</div>
</div>\n`;
    case 'buttons':
      return markup`<div style="${STYLE.buttons}">${block.buttons.map((button) => buttonMarkup(button, colours))}</div>\n`;
    case 'steps':
      return markup`<h2 class="ink" style="${STYLE.stepsTitle}">${block.title}</h2>
<ol style="${STYLE.steps}">
${block.steps.map((step) => markup`<li class="ink" style="${STYLE.step}">${step}</li>\n`)}</ol>\n`;
  }
}

/** Digits to type in tiles side by side, the rest below one another. */
function factsMarkup(facts: readonly LetterFact[], colours: ToneColours): Markup {
  const codes = facts.filter(({ style }) => style === 'code');
  const others = facts.filter(({ style }) => style !== 'code');
  const tiles =
    codes.length === 0
      ? ''
      : markup`<div style="${STYLE.tiles}">${codes.map((fact) => tileMarkup(fact, colours))}</div>\n`;
  return markup`<div style="${STYLE.facts}">
${tiles}${others.map((fact) => factMarkup(fact, colours))}</div>\n`;
}

function tileMarkup({ label, value }: LetterFact, { tint }: ToneColours): Markup {
  return markup`<div class="tile" style="${STYLE.tile};background:${tint}">
<div class="soft" style="${STYLE.tileLabel}">${label}</div>
<div class="ink" style="${STYLE.tileValue}">${value}</div>
</div>`;
}

function factMarkup(fact: LetterFact, { accent }: ToneColours): Markup {
  const style = fact.style === 'strong' ? STYLE.factStrong : STYLE.factPlain;
  const value =
    fact.href === undefined
      ? markup`${fact.value}`
      : markup`<a class="accent" href="${safeHref(fact.href)}" style="color:${accent}">${fact.value}</a>`;
  const hint =
    fact.hint === undefined
      ? ''
      : markup`<div class="soft" style="${STYLE.factHint}">${fact.hint}</div>\n`;
  return markup`<div style="${STYLE.fact}">
<div class="soft" style="${STYLE.factLabel}">${fact.label}</div>
<div class="ink" style="${style}">${value}</div>
${hint}</div>\n`;
}

function buttonMarkup({ label, href, rank }: LetterButton, { accent }: ToneColours): Markup {
  const isFirst = rank === 'primary';
  const colours = isFirst
    ? `background:${accent};color:#ffffff;border-color:${accent}`
    : `background:#ffffff;color:${accent};border-color:#c3ccdb`;
  return markup`<a class="${isFirst ? 'button' : 'button second'}" href="${safeHref(href)}" style="${STYLE.button};${colours}">${label}</a>`;
}
