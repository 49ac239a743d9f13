import { Html } from './html';

/** Colours by scheme: texts have a contrast of at least 4.5 on what they stand on. Positions go from light to dark, or back. */
const LIGHT = `--paper:#fff;--panel:#f6f7f9;--ink:#1b2430;--muted:#566170;--line:#dde2e8;--accent:#1d5fa8;
--good:#1a6b3c;--good-bg:#e3f4ea;--bad:#a3231f;--bad-bg:#fbe7e5;--wait:#7a5200;--wait-bg:#fdf1d6;--neutral:#4a5563;--neutral-bg:#eceff3;
--legacy:#d9dee5;--shadow:#b4c9e0;--dual-legacy:#7fa8d1;--dual-target:#3f7bb8;--target:#174a82;--fenced:#c9483f;`;
const DARK = `--paper:#14181e;--panel:#1c222a;--ink:#e6eaf0;--muted:#a3adba;--line:#323b47;--accent:#7db4ee;
--good:#7ed6a0;--good-bg:#173626;--bad:#ff9d94;--bad-bg:#451f1d;--wait:#f0c46a;--wait-bg:#3c2f12;--neutral:#b8c1cd;--neutral-bg:#2a323d;
--legacy:#3a434f;--shadow:#3f5872;--dual-legacy:#4d7aa8;--dual-target:#6ea4db;--target:#b5d6f8;--fenced:#e0665c;`;

/** The style of the page: no font and no picture from elsewhere. */
export const STYLE = new Html(`
:root{color-scheme:light dark;${LIGHT}}
@media screen and (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
main{max-width:940px;margin:0 auto;padding:32px 32px 64px}
h1{font-size:28px;line-height:1.2;margin:0;font-weight:650;display:flex;flex-wrap:wrap;gap:12px;align-items:center;letter-spacing:-.01em}
h1 .badge{font-size:14px;letter-spacing:0}
h2{font-size:18px;line-height:1.3;margin:0 0 12px;font-weight:650}
h3{font-size:14px;margin:0 0 6px;font-weight:600}
p{margin:0 0 8px}
.kind{color:var(--muted);font-size:13px;margin:0 0 4px}
.summary{font-size:17px;margin:10px 0 20px;max-width:46em}
section{margin-top:40px;padding-top:20px;border-top:1px solid var(--line)}
.numbers{display:grid;grid-template-columns:repeat(auto-fit,minmax(136px,1fr));gap:1px;margin:0 0 20px;padding:0;list-style:none;background:var(--line);border:1px solid var(--line);border-radius:8px;overflow:hidden}
.numbers li{background:var(--panel);padding:10px 12px}
.numbers span{display:block;color:var(--muted);font-size:12px}
.numbers strong{font-size:18px;white-space:nowrap;font-weight:600;font-variant-numeric:tabular-nums}
.numbers strong .unknown{font-size:14px;font-weight:400}
dl{margin:0;display:grid;gap:0}
dl div{display:grid;grid-template-columns:150px 1fr;gap:12px;padding:5px 0;border-bottom:1px solid var(--line)}
dl div:last-child{border-bottom:0}
dt{color:var(--muted)}
dd{margin:0}
dd p{margin:0}
code{font:13px/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
code.hash{color:var(--muted);font-size:12px}
.badge{display:inline-block;padding:1px 9px;border-radius:10px;font-size:13px;font-weight:550;line-height:1.5;white-space:nowrap}
.good.badge{color:var(--good);background:var(--good-bg)}
.bad.badge{color:var(--bad);background:var(--bad-bg)}
.wait.badge{color:var(--wait);background:var(--wait-bg)}
.neutral.badge{color:var(--neutral);background:var(--neutral-bg)}
.unknown,.note,.unit,.since,.details,figcaption,.nothing{color:var(--muted)}
.note,figcaption,.unit{font-size:13px}
.unit{font-weight:400}
.scroll{overflow-x:auto;margin:0 0 8px}
table{border-collapse:collapse;width:100%;font-size:14px}
th{text-align:left;color:var(--muted);font-weight:500;font-size:12px;vertical-align:bottom}
th,td{padding:6px 14px 6px 0;border-bottom:1px solid var(--line);overflow-wrap:break-word}
th:last-child,td:last-child{padding-right:0}
td{vertical-align:top}
.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
td p{margin:0 0 2px}
time{white-space:nowrap;font-variant-numeric:tabular-nums}
.evidence{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:0 16px}
.evidence span{color:var(--muted)}
figure{margin:0 0 22px}
figure svg{display:block;max-width:100%;height:auto}
svg text{font-family:inherit}
.narrow{display:none}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;margin:0 0 6px;padding:0;list-style:none;font-size:13px}
.legend i{display:inline-block;width:12px;height:12px;border-radius:2px;margin-right:6px;vertical-align:-1px}
.legend i.line{height:0;border-top:2px solid;width:18px;border-radius:0;vertical-align:4px}
.legend i.dashed{border-top-style:dashed}
.lessons{margin:0;padding:0 0 0 30px}
.lessons li{margin:0 0 12px;padding-left:4px}
.lessons p{margin:0}
.lessons .advice{color:var(--muted)}
.rollback+.rollback{margin-top:24px}
.rollback .reason{font-weight:600}
.timeline{list-style:none;margin:0;padding:0}
.timeline li{display:grid;grid-template-columns:236px 1fr;gap:20px;padding:4px 0 4px 14px;border-left:3px solid var(--line);font-size:14px}
.timeline .good{border-left-color:var(--good)}
.timeline .bad{border-left-color:var(--bad)}
.timeline .wait{border-left-color:var(--wait)}
.when{display:flex;justify-content:space-between;gap:8px}
.since{white-space:nowrap;font-variant-numeric:tabular-nums}
.timeline strong{font-weight:600}
.times{color:var(--muted)}
.details{display:block}
footer{margin-top:40px;padding-top:12px;border-top:1px solid var(--line);color:var(--muted);font-size:13px}
@media (max-width:640px){
main{padding:20px 16px 40px}
.wide{display:none}.narrow{display:block}
dl div,.timeline li{grid-template-columns:1fr;gap:0}
.when{justify-content:flex-start}
table,tbody,tr,td{display:block}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
tr{padding:8px 0;border-bottom:1px solid var(--line)}
td{display:grid;grid-template-columns:110px 1fr;gap:10px;padding:2px 0;border:0}
td::before{content:attr(data-column);color:var(--muted);font-size:12px;line-height:1.75}
td.number{text-align:left;white-space:normal}
td:has(>div:empty){display:none}
.badge{white-space:normal;justify-self:start}
}
@media print{
@page{margin:16mm}
body{font-size:10.5pt}
main{max-width:none;padding:0}
.wide{display:block}.narrow{display:none}
section{margin-top:22px;padding-top:12px}
h2,h3{break-after:avoid}
figure,tr,.timeline li,.lessons li,.rollback,.numbers{break-inside:avoid}
thead{display:table-header-group}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}
`);
