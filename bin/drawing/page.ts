import { html, raw } from 'hono/html';
import { style } from '../../api/pages/style.ts';
import type { Markup } from './square.ts';

/** What a report is put into. */
export interface Page {
  readonly language: 'en' | 'th';
  /** Of the window. */
  readonly title: string;
  readonly heading: string;
  /** Beside the style that all pages share. */
  readonly styles: readonly string[];
  /** Said before anything else: that records are a sample, and the like. */
  readonly notes: readonly string[];
  readonly main: Markup;
  readonly footer?: string;
}

/** A report as one file that needs nothing else: no script, no font, no image from elsewhere. */
export function pageOf({ language, title, heading, styles, notes, main, footer }: Page): Markup {
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${raw([style, ...styles].join(''))}</style>
</head>
<body>
<div class="wrap">
<header class="top"><h1>${heading}</h1></header>
${notes.map((note) => html`<p class="note">${note}</p>`)}
<main>
${main}
</main>
${footer === undefined ? '' : html`<footer>${footer}</footer>`}
</div>
</body>
</html>`;
}
