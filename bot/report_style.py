"""How the report looks: light and dark on screen, black on white on paper. PURE: a text.

The five fills differ in lightness and in pattern; numbers stand on a halo of the page's colour.
"""

STYLE = """
:root{color-scheme:light dark;--page:#fff;--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--box:#f6f8fa;
--one:#0b4f8a;--two:#f2a33a;--two-ink:#7a4300;--three:#b9a3d9;--three-ink:#4b2f80;--four:#c9cfd6;
--four-ink:#3d444d;--five:#eef1f4;--heat:11,79,138;--warn:#fff4d6;--warn-line:#b58500}
@media screen and (prefers-color-scheme:dark){:root{--page:#14181d;--ink:#e6eaef;--soft:#a3adb8;
--line:#3a424c;--box:#1d232a;--one:#7db8f0;--two:#b86f14;--two-ink:#ffd9a0;--three:#5b4687;
--three-ink:#d9c9f7;--four:#4a535e;--four-ink:#cfd6de;--five:#252c34;--heat:125,184,240;
--warn:#33290f;--warn-line:#c99a2b}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);line-height:1.6;
font:15px/1.6 system-ui,-apple-system,"Segoe UI","Hiragino Sans","Yu Gothic UI",Meiryo,"Noto Sans CJK JP",
"Noto Sans JP",sans-serif}
main{max-width:960px;margin:0 auto;padding:24px 20px 60px}
h1{font-size:1.6rem;line-height:1.3;margin:0 0 .3em}
h2{font-size:1.2rem;margin:0 0 .3em;padding-top:.9em;border-top:2px solid var(--ink)}
h3{font-size:1rem;margin:1.6em 0 .2em}
section{margin-top:2.2em}
header p{margin:.1em 0;color:var(--soft)}
header .span{font-size:1.1rem;font-weight:600;color:var(--ink)}
.means,.before{color:var(--soft);font-size:.87rem;margin:.1em 0 .8em}
.count{font-weight:600;margin:.2em 0 .6em}
.mind,header .mind{background:var(--warn);border-left:4px solid var(--warn-line);padding:.5em .8em;
margin:.9em 0 0;color:var(--ink);font-size:.9rem}
.nothing{border:1px dashed var(--soft);padding:.7em 1em;margin:.8em 0;color:var(--soft)}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(250px,1fr));gap:12px;margin:0}
.cards>div{background:var(--box);border:1px solid var(--line);border-radius:8px;padding:12px 14px}
.cards dt{font-size:.9rem;font-weight:600}
.cards dd{margin:0}
.cards .value{font-size:1.5rem;font-weight:700;line-height:1.35;font-variant-numeric:tabular-nums}

.cards small{font-size:.85rem;font-weight:600;white-space:nowrap}
.cards .before{margin:0;color:var(--ink)}
.cards .means{margin:.5em 0 0}
figure{margin:.6em 0 1em}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 18px;margin:0 0 10px;padding:0;font-size:.85rem}
.legend li{display:flex;align-items:center;gap:7px}
.legend svg{flex:none;border-radius:2px}
.chart{display:block;overflow:visible;font-size:13px}
.chart text{fill:var(--ink)}
.chart .name,.chart .scale{fill:var(--ink)}
.chart .scale{font-size:11px;fill:var(--soft)}
.chart .sum{font-weight:600;font-size:12px}
.chart .marked{font-size:12px;fill:var(--ink)}
.axis{stroke:var(--soft)}
.grid{stroke:var(--line);stroke-dasharray:2 3}
.mark{stroke:var(--ink);stroke-width:1.5;stroke-dasharray:5 4}
.join{stroke:var(--one);stroke-width:2}
.point{fill:var(--page);stroke:var(--one);stroke-width:2.5}
.fill1{fill:var(--one);stroke:var(--one)}
.fill2{fill:url(#fill2);stroke:var(--two-ink)}
.fill3{fill:url(#fill3);stroke:var(--three-ink)}
.fill4{fill:url(#fill4);stroke:var(--four-ink)}
.fill5{fill:var(--five);stroke:var(--soft)}
.ground2{fill:var(--two)}.ground3{fill:var(--three)}.ground4{fill:var(--four)}
.ink{fill:none;stroke:var(--two-ink);stroke-width:1.4}
#fill3 .ink{fill:var(--three-ink);stroke:none}
#fill4 .ink{stroke:var(--four-ink);stroke-width:1}
.chart .on1,.chart .on2,.chart .on3,.chart .on4,.chart .on5{font-size:12px;font-weight:600}
.chart .on1{fill:var(--page)}
.chart .on2,.chart .on3,.chart .on4{paint-order:stroke;stroke:var(--page);stroke-width:4px;
stroke-linejoin:round}
.patterns{position:absolute}
.wide{overflow-x:auto;margin:.8em 0}
table{border-collapse:collapse;width:100%;font-size:.87rem}
caption{text-align:left;font-weight:600;padding:.2em 0 .4em;color:var(--soft)}
th,td{border-bottom:1px solid var(--line);padding:5px 10px 5px 0;text-align:left;vertical-align:top}
thead th{border-bottom:2px solid var(--soft);vertical-align:bottom;font-weight:600}
tbody th{font-weight:400}
thead th:first-child{min-width:9em}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}
td.number{white-space:nowrap}
td.words,th.words:not(:first-child){padding-left:12px}
.group{font-weight:600;padding-top:14px;border-bottom-color:var(--soft)}
tbody:has(.group) tr:not(:first-child) th{padding-left:1em}
.heard{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th,h1,h2,h3,p,dt,dd,li{word-break:auto-phrase}
.quoted{overflow-wrap:anywhere}
.heat{display:block;border-radius:3px;padding:0 8px;min-width:2em}
.heat1{background:rgba(var(--heat),.12)}.heat2{background:rgba(var(--heat),.28)}
.heat3{background:rgba(var(--heat),.46)}.heat4{background:rgba(var(--heat),.9);color:var(--page)}
.warned li{border-left:4px solid var(--warn-line);padding-left:.6em;margin:.2em 0;list-style:none}
.warned{padding-left:0}
code{font-size:.9em}
@media (max-width:520px){main{padding:16px 14px 40px}.cards .value{font-size:1.3rem}
th,td{padding-right:12px}thead th{max-width:120px}
.cards{grid-template-columns:1fr 1fr;gap:8px}.cards>div{padding:9px 10px}
table{min-width:100%;width:max-content}tbody th{max-width:180px}
td.words{min-width:8em;max-width:240px}}
@page{size:A4;margin:16mm 14mm 18mm;@bottom-right{content:counter(page) " / " counter(pages);font-size:9pt}}
@media print{body{font-size:10pt}main{max-width:none;padding:0}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
h2,h3,caption{break-after:avoid}
figure,.cards>div,tr,li{break-inside:avoid}thead{display:table-header-group}
tr:has(.group){break-after:avoid}
.means{break-after:avoid}.wide{overflow:visible}table{font-size:8.5pt}
.cards{grid-template-columns:1fr 1fr 1fr}
.cards .value{font-size:13pt}a{color:inherit}}
"""
