/** Of every page. Dark where the reader's system is; on paper without the table of contents, and a section never breaks from its heading. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1c2024; --soft: #555c66; --line: #d9dde3; --shade: #f4f6f8; --accent: #0b5cad;
}
@media (prefers-color-scheme: dark) {
  :root { --paper: #14171a; --ink: #e6e8eb; --soft: #a2abb6; --line: #343a42; --shade: #1e2328; --accent: #79b8ff; }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  display: grid; grid-template-columns: 18rem minmax(0, 1fr);
}
nav {
  position: sticky; top: 0; align-self: start; height: 100vh; overflow-y: auto; padding: 1.5rem 1rem 2rem 1.5rem;
  border-right: 1px solid var(--line); background: var(--shade); font-size: 0.875rem; line-height: 1.35;
}
nav ol { list-style: none; margin: 0; padding: 0; }
nav > ol > li { margin: 0 0 0.5rem; font-weight: 600; }
nav ol ol { margin: 0.25rem 0 0.75rem; padding-left: 0.75rem; border-left: 1px solid var(--line); }
nav ol ol li { margin: 0.3rem 0; font-weight: 400; }
nav a { color: var(--ink); text-decoration: none; display: block; overflow-wrap: anywhere; }
nav a:hover { color: var(--accent); text-decoration: underline; }
nav .to-top { margin: 0 0 1rem; font-size: 0.8125rem; color: var(--soft); }
main { max-width: 54rem; padding: 2rem 2.5rem 6rem; min-width: 0; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 0.25rem; overflow-wrap: anywhere; }
.about { color: var(--soft); margin: 0 0 1.5rem; font-size: 1.0625rem; }
h2 { font-size: 1.4rem; margin: 3rem 0 0.75rem; padding-top: 1rem; border-top: 2px solid var(--line); line-height: 1.25; }
h3 { font-size: 1.125rem; margin: 2.25rem 0 0.5rem; line-height: 1.3; }
h4 { font-size: 0.875rem; margin: 1.25rem 0 0.25rem; color: var(--soft); text-transform: uppercase; letter-spacing: 0.04em; }
p { margin: 0.5rem 0; }
a { color: var(--accent); }
ul, ol { padding-left: 1.4rem; margin: 0.5rem 0; }
li { margin: 0.2rem 0; }
code { font: 0.875em/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; overflow-wrap: anywhere; }
p > code, li > code, td > code, dd > code { background: var(--shade); border-radius: 3px; padding: 0.1em 0.3em; }
pre {
  margin: 0.25rem 0 0.75rem; padding: 0.65rem 0.85rem; background: var(--shade); border: 1px solid var(--line); border-left: 3px solid var(--accent);
  border-radius: 4px; white-space: pre-wrap; user-select: all; -webkit-user-select: all;
}
pre code span { display: inline-block; max-width: 100%; }
.do > p { margin: 0.9rem 0 0.25rem; }
.wide { overflow-x: auto; margin: 0.75rem 0 1rem; }
.wide:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: 0.9375rem; }
th, td { text-align: left; vertical-align: top; padding: 0.45rem 0.75rem 0.45rem 0; border-bottom: 1px solid var(--line); }
th { font-size: 0.8125rem; color: var(--soft); font-weight: 600; }
td { min-width: 5.5rem; }
dl { margin: 0.5rem 0 1rem; }
dl > div { display: grid; grid-template-columns: 9.5rem minmax(0, 1fr); gap: 0.25rem 1rem; padding: 0.4rem 0; border-bottom: 1px solid var(--line); }
dt { color: var(--soft); font-size: 0.9375rem; }
dd { margin: 0; }
@media (max-width: 60rem) {
  body { display: block; }
  nav { position: static; height: auto; max-height: 16rem; border-right: 0; border-bottom: 1px solid var(--line); padding: 1rem 1.25rem; }
  main { padding: 1.5rem 1.25rem 4rem; }
}
@media (max-width: 34rem) { dl > div { grid-template-columns: 1fr; gap: 0; } }
@media print {
  :root { --paper: #fff; --ink: #000; --soft: #333; --line: #999; --shade: #fff; --accent: #000; }
  @page { margin: 16mm 14mm; }
  body { display: block; font-size: 10pt; line-height: 1.4; }
  nav { display: none; }
  main { max-width: none; padding: 0; }
  h2 { margin-top: 1.5rem; }
  h1, h2, h3, h4 { break-after: avoid; }
  h2.page { break-before: page; border-top: 0; }
  tr, dl > div, .do, li, pre { break-inside: avoid; }
  .do > p { break-after: avoid; }
  .wide { overflow: visible; }
  table { font-size: 9pt; }
  a { color: inherit; text-decoration: none; }
}
`;
