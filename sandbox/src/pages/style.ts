/** The style sheet of every sandbox page: light and dark, from 320 pixels upwards, no picture and no web font. */
export const STYLE = `
:root { color-scheme: light dark; --page: #f7f7f5; --surface: #fff; --line: #e3e3df; --control: #85888d; --text: #1b1d21; --quiet: #5c626b;
  --accent: #2f5d8c; --on-accent: #fff; --good: #1f7a4d; --warn: #8a5d00; --bad: #b3261e; --mark: #fff1cc; --on-mark: #4a3500; }
@media (prefers-color-scheme: dark) { :root { --page: #14161a; --surface: #1c1f24; --line: #2e3238; --control: #7d848e; --text: #ecedee;
  --quiet: #a3a9b3; --accent: #7fb0e0; --on-accent: #10161d; --good: #5cc48e; --warn: #e0b34a; --bad: #f2857c; --mark: #3a2f12; --on-mark: #f3dfae; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; }
.sandbox { background: var(--mark); color: var(--on-mark); padding: 8px 16px; text-align: center; font-size: 14px; }
main { max-width: 480px; margin: 0 auto; padding: 32px 16px 48px; }
main.wide { max-width: 880px; }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; padding: 24px; margin-bottom: 16px; }
h1 { font-size: 24px; line-height: 1.25; margin: 0 0 8px; font-weight: 600; overflow-wrap: anywhere; }
h2 { font-size: 17px; margin: 0 0 12px; font-weight: 600; } h1 + h2 { margin-top: 16px; }
p { margin: 0 0 12px; } .card > :last-child { margin-bottom: 0; }
.quiet { color: var(--quiet); } .small { font-size: 14px; }
a { color: var(--accent); text-underline-offset: 3px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
label { display: block; font-weight: 500; margin-bottom: 4px; }
.field { margin-bottom: 16px; } .field .small { margin: 4px 0 0; }
input, select, textarea { width: 100%; min-height: 44px; padding: 8px 12px; font: inherit; color: inherit; background: var(--surface);
  border: 1px solid var(--control); border-radius: 8px; }
textarea { min-height: 88px; font: 13px/1.5 ui-monospace, SFMono-Regular, Consolas, monospace; }
button, .button { display: inline-flex; align-items: center; justify-content: center; min-height: 44px; padding: 8px 20px; font: inherit;
  font-weight: 600; border-radius: 8px; border: 1px solid var(--control); background: var(--surface); color: var(--text); cursor: pointer; text-decoration: none; }
button.primary, .button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.actions { display: flex; flex-wrap: wrap; gap: 12px; align-items: center; }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); column-gap: 16px; }
.people { list-style: none; margin: 0 0 16px; padding: 0; }
.people li { display: flex; gap: 8px; align-items: stretch; margin-bottom: 8px; }
.people button { flex: 1; flex-direction: column; align-items: flex-start; text-align: left; min-width: 0; }
.people button .small { font-weight: 400; color: var(--quiet); overflow-wrap: anywhere; }
.people .button { padding: 8px 14px; font-weight: 500; color: var(--quiet); }
details { border-top: 1px solid var(--line); padding-top: 12px; } summary { cursor: pointer; font-weight: 500; padding: 8px 0; }
details[open] summary { margin-bottom: 8px; }
dl { margin: 0 0 16px; } dl > div { display: grid; grid-template-columns: minmax(120px, 1fr) 2fr; gap: 4px 16px; padding: 8px 0; border-bottom: 1px solid var(--line); }
dl > div:last-child { border-bottom: 0; }
dt { color: var(--quiet); font-size: 14px; overflow-wrap: anywhere; } dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 8px 12px 8px 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; overflow-wrap: normal; } th code { overflow-wrap: normal; } thead th { color: var(--quiet); font-weight: 500; }
td { overflow-wrap: anywhere; } td:nth-child(2) { min-width: 120px; }
code, pre, .code { font: 13px/1.5 ui-monospace, SFMono-Regular, Consolas, monospace; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; background: var(--page); border: 1px solid var(--line); border-radius: 8px; padding: 12px; margin: 0 0 12px; overflow-wrap: anywhere; }
.good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); } .good, .warn, .bad { font-weight: 600; white-space: nowrap; }
.shape { width: 14px; height: 14px; margin-right: 6px; vertical-align: -1px; fill: none; stroke: currentColor; stroke-width: 2; }
.notice { border-left: 4px solid var(--bad); padding-left: 12px; }
nav { font-size: 14px; display: flex; flex-wrap: wrap; gap: 4px 16px; justify-content: center; }
@media (max-width: 480px) { .card { padding: 20px 16px; } dl.tight > div { grid-template-columns: 104px 1fr; } dl:not(.tight) > div { grid-template-columns: 1fr; }
  table.stack thead { position: absolute; clip-path: inset(50%); } table.stack tr { display: block; padding: 8px 0; border-bottom: 1px solid var(--line); }
  table.stack th, table.stack td { display: block; border: 0; padding: 0 0 2px; } table.stack tr:last-child { border-bottom: 0; } }
`;
