import type { Letter } from './letter.ts';

/**
 * Colours of a letter. Mail programs forget style sheets, so the light ones stand in every element; a style sheet for
 * the dark ones is put beside, for those that keep it.
 */
export interface ToneColours {
  /** Band and buttons; white text on it is readable (4.5:1). */
  readonly accent: string;
  readonly accentDark: string;
  /** Behind digits. */
  readonly tint: string;
}

/** What each tone looks like. */
export const TONE_COLOURS: Readonly<Record<Letter['tone'], ToneColours>> = {
  calm: { accent: '#2352c9', accentDark: '#9db9ff', tint: '#eff3fd' },
  changed: { accent: '#9a5b00', accentDark: '#ffc46b', tint: '#fdf5e6' },
  over: { accent: '#4b5669', accentDark: '#b8c2d4', tint: '#f1f3f6' },
  alarm: { accent: '#b3261e', accentDark: '#ffb0aa', tint: '#fdf0ef' },
};

const FONT = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";
const DIGITS = "ui-monospace,'SF Mono',Menlo,Consolas,'Liberation Mono',monospace";

/** Long words and addresses break rather than widen the page. */
const BREAKING = 'overflow-wrap:anywhere;word-break:break-word';

/** Styles that are written into the elements. */
export const STYLE = {
  page: `margin:0;padding:0;background:#f2f4f8;color:#1b2333;font:400 16px/1.55 ${FONT};-webkit-text-size-adjust:100%;text-size-adjust:100%`,
  preview:
    'display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;font-size:1px;line-height:1px;color:#f2f4f8',
  frame: 'max-width:600px;margin:0 auto;padding:24px 12px 32px',
  brand: `padding:0 8px 14px;font:600 15px/1.4 ${FONT};color:#5a667d;${BREAKING}`,
  card: 'background:#ffffff;border:1px solid #e0e5ee;border-radius:14px;overflow:hidden',
  band: 'height:5px;line-height:5px;font-size:1px',
  inner: 'padding:28px 28px 12px',
  eyebrow: `margin:0 0 6px;font:700 13px/1.4 ${FONT};letter-spacing:0.04em`,
  heading: `margin:0 0 22px;font:700 25px/1.28 ${FONT};color:#111827;${BREAKING}`,
  paragraph: `margin:0 0 14px;font:400 16px/1.55 ${FONT};color:#1b2333;${BREAKING}`,
  facts: 'margin:0 0 18px',
  tiles: 'margin:0 0 8px;font-size:0',
  tile: 'display:inline-block;vertical-align:top;box-sizing:border-box;min-width:148px;max-width:100%;margin:0 10px 10px 0;padding:11px 16px 12px;border-radius:10px',
  tileLabel: `font:600 13px/1.4 ${FONT};color:#56627a`,
  tileValue: `font:700 27px/1.25 ${DIGITS};letter-spacing:0.08em;color:#111827;white-space:nowrap`,
  fact: 'margin:0 0 12px',
  factLabel: `font:600 13px/1.45 ${FONT};color:#56627a`,
  factPlain: `font:400 16px/1.5 ${FONT};color:#1b2333;${BREAKING}`,
  factStrong: `font:600 17px/1.45 ${FONT};color:#111827;${BREAKING}`,
  factHint: `font:400 14px/1.5 ${FONT};color:#56627a;${BREAKING}`,
  quote: 'margin:4px 0 20px;padding:2px 0 2px 16px;border-left:3px solid #c9d1de',
  buttons: 'margin:4px 0 14px;font-size:0',
  button: `display:inline-block;box-sizing:border-box;max-width:100%;margin:0 10px 10px 0;padding:13px 22px;border:1px solid;border-radius:10px;font:600 16px/1.35 ${FONT};text-align:center;text-decoration:none;${BREAKING}`,
  stepsTitle: `margin:20px 0 8px;font:700 16px/1.4 ${FONT};color:#111827`,
  steps: 'margin:0 0 16px;padding:0 0 0 24px',
  step: `margin:0 0 6px;font:400 16px/1.5 ${FONT};color:#1b2333;${BREAKING}`,
  small: `margin:0 0 16px;font:400 14px/1.5 ${FONT};color:#56627a;${BREAKING}`,
  footer: `padding:16px 8px 0;font:400 13px/1.5 ${FONT};color:#5f6b82;${BREAKING}`,
} as const;

/** The style sheet: dark colours, and buttons as wide as a narrow screen. */
export function styleSheet({ accentDark }: ToneColours): string {
  return `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (max-width: 480px) {
  .inner { padding: 22px 18px 8px !important; }
  .heading { font-size: 22px !important; }
  .button, .tile { display: block !important; margin-right: 0 !important; }
}
@media (prefers-color-scheme: dark) {
  .page { background: #10151f !important; }
  .card { background: #191f2c !important; border-color: #2b3446 !important; }
  .ink { color: #e8ecf4 !important; }
  .soft { color: #a5b0c4 !important; }
  .accent { color: ${accentDark} !important; }
  .tile { background: #242d3f !important; }
  .quote { border-color: #46526a !important; }
  .second { background: transparent !important; color: ${accentDark} !important; border-color: #46526a !important; }
}
`;
}
