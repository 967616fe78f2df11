/** The style sheet of the reference page: the tokens of the hosted pages, a list at the side, code that scrolls in its own box. */
import { literal } from '../../sign-in/index.ts';

export const REFERENCE_STYLE = literal`
:root{color-scheme:light dark;--page:#f7f7f5;--surface:#fff;--line:#e3e3df;--control:#878c93;--text:#1b1d21;--quiet:#5c626b;--accent:#2f5d8c;--soft:#e9f0f7;--on-accent:#fff;--bad:#b3261e}
@media (prefers-color-scheme:dark){:root{--page:#14161a;--surface:#1c1f24;--line:#2e3238;--control:#707781;--text:#ecedee;--quiet:#a3a9b3;--accent:#7fb0e0;--soft:#233142;--on-accent:#10161d;--bad:#f2857c}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;-webkit-text-size-adjust:100%}
a{color:var(--accent);text-underline-offset:3px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
h1,h2,h3,h4{line-height:1.3;font-weight:600;margin:0;overflow-wrap:anywhere}
h1{font-size:24px}h2{font-size:20px}h3{font-size:16px}h4{font-size:14px;color:var(--quiet);margin:16px 0 4px}
p{margin:0}
.mark{width:28px;height:28px;fill:var(--accent);flex:none}
.bar{background:var(--surface);border-bottom:1px solid var(--line)}
.bar>div{display:flex;flex-wrap:wrap;align-items:center;gap:8px 24px;padding:8px 24px;max-width:1280px;margin:0 auto}
.brand{display:flex;align-items:center;gap:12px;min-height:44px;font-weight:600;color:var(--text);text-decoration:none;margin-right:auto}
.find{display:flex;gap:8px;margin:0;flex:0 1 420px}
.find input{flex:1;min-width:0;min-height:44px;padding:8px 12px;font:inherit;color:var(--text);background:var(--surface);border:1px solid var(--control);border-radius:8px}
.find button{min-height:44px;padding:8px 16px;font:inherit;font-weight:500;color:var(--on-accent);background:var(--accent);border:1px solid var(--accent);border-radius:8px;cursor:pointer}
.frame{display:grid;grid-template-columns:220px minmax(0,1fr);gap:32px;max-width:1280px;margin:0 auto;padding:24px}
.side ul{list-style:none;margin:0;padding:0;position:sticky;top:16px;max-height:calc(100vh - 32px);overflow:auto}
.side a{display:block;padding:8px 12px;border-radius:8px;color:var(--text);text-decoration:none}
.side a:hover{background:var(--surface)}
.side a[aria-current]{background:var(--soft);color:var(--accent);font-weight:600}
main{display:grid;gap:24px;align-content:start;min-width:0}
.panel{padding:20px 24px;background:var(--surface);border:1px solid var(--line);border-radius:8px;min-width:0}
.quiet{color:var(--quiet)}
.place{display:flex;flex-wrap:wrap;align-items:baseline;gap:4px 12px;margin:4px 0 0;font:14px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.method{font-weight:700;color:var(--accent)}
.delete{color:var(--bad)}
pre{margin:0;padding:12px;max-height:420px;overflow:auto;background:var(--page);border:1px solid var(--line);border-radius:8px;font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.92em}
.rows{margin:0;padding:0;list-style:none}
.rows li{display:grid;grid-template-columns:minmax(120px,200px) minmax(0,1fr);gap:0 16px;padding:6px 0;border-top:1px solid var(--line);overflow-wrap:anywhere}
.rows li:first-child{border-top:0}
.list{margin:8px 0 0;padding:0;list-style:none}
.list a{display:grid;grid-template-columns:72px minmax(0,1fr);gap:0 12px;padding:8px 0;text-decoration:none;color:var(--text);overflow-wrap:anywhere;border-top:1px solid var(--line)}
.list a:hover b{text-decoration:underline}
.list b{display:block;font-weight:500}
.list small{display:block;color:var(--quiet);font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.list .method{font:700 13px/24px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
@media (max-width:900px){.frame{grid-template-columns:minmax(0,1fr);gap:16px;padding:16px}.frame:has(article) .side{order:2}.side ul{position:static;max-height:none;display:flex;flex-wrap:wrap;gap:0 4px}.side a{padding:10px 12px}.bar>div{padding:8px 16px}.find{flex:1 1 100%}.panel{padding:16px}.rows li{grid-template-columns:minmax(0,1fr)}}
`;
