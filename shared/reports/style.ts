import { lightTokens as token } from '../charts/palette.ts';

const sans = "'Inter Variable', Inter, system-ui, sans-serif";

/** The style sheet of a report: black on white on the screen and on A4. */
export function style(font: string): string {
  return `@font-face { font-family: 'Inter Variable'; font-style: normal; font-weight: 100 900;
  src: url(data:font/woff2;base64,${font}) format('woff2'); }
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: ${token.bg}; color: ${token.text}; font: 12px/16px ${sans};
  -webkit-print-color-adjust: exact; print-color-adjust: exact; }
main, footer { max-width: 754px; margin: 0 auto; padding: 40px 40px 0; }
footer { padding-top: 24px; padding-bottom: 40px; }
h1, h2, h3, h4, p, dl, dd, ul { margin: 0; }
.small { display: flex; flex-wrap: wrap; justify-content: space-between; column-gap: 24px;
  font-size: 11px; color: ${token.muted}; }
h1 { margin-top: 8px; font-size: 26px; line-height: 34px; font-weight: 650; letter-spacing: -0.015em; }
h2, h3, h4 { font-size: 13px; line-height: 20px; font-weight: 600; }
h2.currency { font-size: 16px; line-height: 24px; font-weight: 650; }
.unit { margin-left: 4px; font-size: 11px; font-weight: 400; color: ${token.muted}; }
.lead { margin: 12px 0 20px; font-size: 17px; line-height: 26px; text-wrap: pretty; overflow-wrap: anywhere; }
strong { font-weight: 650; }
.saves { color: ${token.save}; }
b.saves { font-weight: 600; }
.figures dd.value.saves { color: ${token.save}; }
.figures { display: flex; margin-top: 24px; border-top: 1px solid ${token.text}; border-bottom: 1px solid ${token.line};
  padding: 11px 0; }
.figures div { flex: 1 1 0; min-width: 0; padding: 0 20px; border-left: 1px solid ${token.line}; }
.figures div:first-child { padding-left: 0; border-left: 0; }
.figures dd { font-size: 11px; color: ${token.muted}; overflow-wrap: anywhere; }
.figures dt { color: ${token.muted}; }
.figures dd.value { font-size: 24px; line-height: 32px; font-weight: 600; letter-spacing: -0.015em;
  color: ${token.text}; font-variant-numeric: tabular-nums; }
section { margin-top: 24px; }
.chart svg { display: block; width: 100%; height: auto; margin-top: 12px; overflow: visible; }
.pair { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 24px; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 4px 0 3px 12px; vertical-align: baseline; text-align: left; font-weight: 400;
  border-bottom: 1px solid ${token.line}; overflow-wrap: anywhere; }
th:first-child, td:first-child { padding-left: 0; }
thead th { font-weight: 500; color: ${token.muted}; border-bottom-color: ${token.strong};
  overflow-wrap: normal; vertical-align: bottom; }
.figure { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
tfoot th, tfoot td { font-weight: 600; border-top: 1px solid ${token.strong}; border-bottom: 0; }
.rest th, .rest td { color: ${token.muted}; }
small { font-size: 11px; color: ${token.muted}; }
.described th, .described td { border-bottom: 0; padding-bottom: 0; }
.detail td { padding-top: 0; font-size: 11px; color: ${token.muted}; }
th.coloured { padding-left: 16px; text-indent: -16px; }
.swatch { display: inline-block; width: 8px; height: 8px; margin-right: 8px; border-radius: 2px; }
.note, footer p { margin-top: 8px; font-size: 11px; color: ${token.muted}; }
footer p { margin: 0; padding-top: 8px; border-top: 1px solid ${token.line}; }
article { margin-top: 16px; padding-top: 11px; border-top: 1px solid ${token.line}; }
article p { margin-top: 4px; }
article p.small { display: block; }
article p.head { margin-top: 8px; font-weight: 500; color: ${token.muted}; }
ul, ol { padding-left: 16px; margin: 0; }
ul { color: ${token.muted}; }
li { margin-top: 4px; overflow-wrap: anywhere; }
@media (max-width: 640px) {
  main, footer { padding-left: 16px; padding-right: 16px; }
  .figures { flex-wrap: wrap; row-gap: 12px; }
  .figures div { flex-basis: 100%; padding: 0; border: 0; }
  .pair { grid-template-columns: minmax(0, 1fr); gap: 0; }
  main section { overflow-x: auto; }
}
@media print {
  main, footer { max-width: none; padding: 0; }
  footer { display: none; }
  section, .figures, tr, article { break-inside: avoid; }
  section.actions { break-inside: auto; break-before: page; margin-top: 0; }
  section:has(tbody tr:nth-child(16)) { break-inside: auto; }
  .pair + section, .pair + .figures { break-before: page; margin-top: 0; }
  section:has(> h2.currency) + section { break-before: page; margin-top: 0; }
  h1, h2, h3, h4 { break-after: avoid; }
  thead { display: table-header-group; }
  tfoot { display: table-row-group; }
  .described { break-after: avoid; }
}`;
}

/** The foot of every printed page, as margin boxes: scope left, page number right. */
export function pageFooter(text: string): string {
  return `@page { size: A4 portrait; margin: 16mm 16mm 20mm;
  @bottom-left { content: "${escapeCss(text)}"; width: 90%; ${footFont} }
  @bottom-right { content: counter(page) " of " counter(pages); ${footFont} } }`;
}

const footFont = `font: 11px/14px ${sans}; color: ${token.muted}; vertical-align: top;
    padding-top: 8px; border-top: 1px solid ${token.line};`;

/** Inside a CSS string of a style element: whatever is not plain is written as its code point. */
function escapeCss(text: string): string {
  return text.replace(
    /[^A-Za-z0-9 ,.]/gu,
    (character) => `\\${(character.codePointAt(0) ?? 0xfffd).toString(16)} `,
  );
}
