/** The style sheet of the hosted pages: tokens for light and dark, the card, controls, the dashboard. Nothing moves. */
import { literal } from './html.ts';

export const STYLE = literal`
:root{color-scheme:light dark;--page:#f7f7f5;--surface:#fff;--line:#e3e3df;--control:#878c93;--text:#1b1d21;--quiet:#5c626b;--accent:#2f5d8c;--soft:#e9f0f7;--on-accent:#fff;--bad:#b3261e}
@media (prefers-color-scheme:dark){:root{--page:#14161a;--surface:#1c1f24;--line:#2e3238;--control:#707781;--text:#ecedee;--quiet:#a3a9b3;--accent:#7fb0e0;--soft:#233142;--on-accent:#10161d;--bad:#f2857c}}
*{box-sizing:border-box}
[hidden]{display:none!important}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere;-webkit-text-size-adjust:100%}
h1{margin:0;font-size:24px;line-height:1.25;font-weight:600;text-wrap:balance}
h2{margin:0 0 8px;font-size:18px;line-height:1.3;font-weight:600}
p{margin:0}
form{margin:0}
a{color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.mark{display:block;width:36px;height:36px;fill:var(--accent)}
.card{width:min(400px,100% - 32px);margin:clamp(16px,12vh,128px) auto 32px;padding:32px;display:grid;gap:20px;background:var(--surface);border:1px solid var(--line);border-radius:8px;box-shadow:0 1px 3px rgb(20 22 26/8%)}
.card>*{min-width:0}
.stack{display:grid;gap:12px;margin:0;padding:0;list-style:none}
.fields{display:grid;gap:16px}
label{display:block;margin-bottom:4px;font-weight:500}
input{width:100%;min-height:44px;padding:8px 12px;font:inherit;color:var(--text);background:var(--surface);border:1px solid var(--control);border-radius:8px}
input[aria-invalid]{border-color:var(--bad)}
.button{display:flex;align-items:center;justify-content:center;width:100%;min-height:44px;padding:8px 16px;font:inherit;font-weight:500;line-height:1.3;text-align:center;text-decoration:none;color:var(--text);background:var(--surface);border:1px solid var(--control);border-radius:8px;cursor:pointer}
.button:hover{background:var(--page)}
.primary{color:var(--on-accent);background:var(--accent);border-color:var(--accent)}
.primary:hover{background:var(--accent);filter:brightness(.94)}
.plain{min-height:44px;padding:8px 0;font:inherit;color:var(--accent);background:none;border:0;border-radius:8px;text-decoration:underline;text-underline-offset:3px;cursor:pointer;display:inline-flex;align-items:center}
.or{display:flex;align-items:center;gap:12px;color:var(--quiet)}
.or::before,.or::after{content:"";flex:1;border-top:1px solid var(--line)}
.notice{display:flex;gap:12px;padding:12px;border:1px solid var(--accent);border-radius:8px;background:var(--soft)}
.notice svg{flex:none;width:20px;height:20px;margin-top:2px;fill:var(--accent)}
.error{border-color:var(--bad);background:none}
.error svg{fill:var(--bad)}
.quiet{color:var(--quiet)}
summary{min-height:44px;padding:10px 0;color:var(--accent);cursor:pointer}
.code{display:grid;grid-template-columns:1fr auto;gap:0 12px;align-items:center;padding-top:16px;border-top:1px solid var(--line)}
.code dt{grid-column:1/-1;color:var(--quiet);font-size:14px}
.code dd{margin:0;min-height:44px;display:flex;align-items:center}
code{font:15px/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;user-select:all}
.code .button{width:auto}
.bar{background:var(--surface);border-bottom:1px solid var(--line)}
.bar>div,.wide{width:min(960px,100% - 32px);margin:0 auto}
.bar>div{display:flex;flex-wrap:wrap;align-items:center;gap:0 24px;padding:6px 0}
.brand{display:flex;align-items:center;gap:12px;min-height:44px;margin-right:auto;font-weight:600;color:var(--text);text-decoration:none}
.brand .mark{width:28px;height:28px}
.bar nav{display:flex;flex-wrap:wrap;align-items:center;gap:0 24px}
.wide{display:grid;gap:24px;padding:32px 0}
.find{max-width:400px}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,208px),1fr));gap:16px;margin:0;padding:0;list-style:none}
.tile{display:flex;align-items:center;gap:12px;min-height:72px;padding:12px 16px;color:var(--text);font-weight:500;line-height:1.3;text-decoration:none;background:var(--surface);border:1px solid var(--line);border-radius:8px}
.tile:hover{border-color:var(--control)}
.initial{flex:none;display:grid;place-items:center;width:44px;height:44px;font-size:20px;font-weight:600;color:var(--accent);background:var(--soft);border-radius:8px}
.panel{padding:24px;background:var(--surface);border:1px solid var(--line);border-radius:8px}
.rows{margin:0}
.rows>div{display:grid;grid-template-columns:minmax(120px,240px) 1fr;gap:4px 24px;padding:10px 0;border-top:1px solid var(--line)}
.rows>div:first-child{border-top:0}
.rows dt{color:var(--quiet)}
.rows dd{margin:0}
.end{display:grid;gap:8px;padding-top:16px;border-top:1px solid var(--line)}
.end .button{width:auto}
input+.quiet{margin-top:6px}
@media (max-width:480px){.card{padding:24px 20px}.bar nav{gap:0 20px}.wide{padding:24px 0}.panel{padding:16px 20px}.rows>div{grid-template-columns:1fr;gap:0}}
`;
