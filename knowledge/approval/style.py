"""How the document looks: on paper (A4), on a screen, on a phone."""

STYLE = """
:root { --ink: #1b1f24; --pale: #5a6470; --line: #c9d1d9; --ground: #fff; --soft: #f3f5f7; --link: #0b4f9e;
  --off: #8a1c1c; --offg: #fdeaea; --on: #14532d; --ong: #e6f4ea; --risk: #7a4300; --riskg: #fff1dc;
  --firm: #4c1d95; --firmg: #f0e9ff; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; padding: 2rem 1.5rem; max-width: 62rem; color: var(--ink); background: var(--ground);
  font: 15px/1.65 system-ui, "Hiragino Sans", "Yu Gothic UI", "Noto Sans CJK JP", sans-serif; }
h1 { font-size: 1.9rem; line-height: 1.3; margin: 0 0 .4rem; }
h2 { font-size: 1.4rem; margin: 3rem 0 1rem; padding-bottom: .3rem; border-bottom: 2px solid var(--ink); }
h3 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
h4 { font-size: .95rem; margin: 1.2rem 0 .4rem; }
p { margin: .3rem 0; }
a { color: var(--link); }
code { font: .82em ui-monospace, Consolas, monospace; color: var(--pale); overflow-wrap: anywhere; }
.en { color: var(--pale); font-size: .92em; }
h1 .en, h2 .en { font-weight: 400; font-size: .7em; }
.pair { padding: .3rem 0; border-bottom: 1px solid var(--line); break-inside: avoid; }
.pair .texts { display: grid; grid-template-columns: 1fr 1fr; gap: 0 1.5rem; }
.pair .name { font-size: .8rem; font-weight: 600; color: var(--pale); }
.pair .texts:has(.id) { grid-template-columns: 1fr 1fr 8.5rem; }
.pair .id { font-size: .72rem; text-align: right; }
.said { margin: 0; overflow-wrap: anywhere; }
.said[lang=en] { color: #2c333a; }
.blank { color: var(--pale); background: var(--soft); border-radius: 3px; }
mark.company { color: var(--firm); background: var(--firmg); border-radius: 3px; padding: 0 .15em; }
.badge { display: inline-block; font-size: .76rem; line-height: 1.4; padding: .05rem .45rem;
  margin: .1rem .25rem .1rem 0; border: 1px solid var(--line); border-radius: 4px; background: var(--soft); }
.badge .en { font-size: 1em; color: inherit; opacity: .85; }
.badge.off { color: var(--off); background: var(--offg); border-color: var(--off); font-weight: 600; }
.badge.on { color: var(--on); background: var(--ong); border-color: var(--on); }
.badge.risk { color: var(--risk); background: var(--riskg); border-color: var(--risk); }
.badge.old { color: var(--risk); background: var(--riskg); border-color: var(--risk); border-style: dashed; }
.badge.changed { color: var(--firm); background: var(--firmg); border-color: var(--firm); }
.badge.how { background: none; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .86rem; line-height: 1.5; }
th, td { text-align: left; vertical-align: top; padding: .3rem .5rem; border: 1px solid var(--line); }
th { background: var(--soft); }
td:first-child { white-space: nowrap; }
tr { break-inside: avoid; }
thead { display: table-header-group; }
td > .en, td > a > .en { display: block; line-height: 1.35; }
table.cases th:first-child, table.cases td:first-child { width: 2.2rem; }
table.cases th:nth-child(2) { width: 46%; }
table.cases th:nth-child(4) { width: 17%; }
table.counts { width: auto; min-width: 24rem; }
table.counts .en { display: inline; }
table.labels td, table.company td { overflow-wrap: anywhere; }
table.company td:first-child, table.switches td:first-child { white-space: normal; }
.condition { break-inside: avoid; }
.condition a { color: inherit; text-decoration-color: var(--line); }
ol { margin: .2rem 0; padding-left: 1.8rem; }
li { break-inside: avoid; }
li .pair .pair { border: 0; }
li > .pair + .pair { background: var(--riskg); padding: .3rem .5rem; }
.origin { font-size: .8rem; color: var(--pale); overflow-wrap: anywhere; }
.remedy > h3, .error > h3, .question > h3, .finding > h3 { border-left: 4px solid var(--link);
  padding-left: .6rem; }
h2, h3, h4, .badges { break-after: avoid; }
.cover { min-height: 60vh; }
.cover .counts td { white-space: nowrap; }
.sign { display: grid; grid-template-columns: 1fr 1fr; gap: 1.2rem 2rem; margin: 2rem 0; max-width: 46rem; }
.sign div { border-bottom: 1px solid var(--ink); padding-top: 2.4rem; font-size: .85rem; }
nav ol { columns: 2; column-gap: 2rem; font-size: .92rem; }
nav li { break-inside: avoid; }
@media (max-width: 40rem) {
  body { padding: 1rem .9rem; }
  .pair .texts, .pair .texts:has(.id), .sign { grid-template-columns: 1fr; }
  .pair .id { text-align: left; }
  .said[lang=en] { margin-top: .2rem; }
  nav ol { columns: 1; }
  table.cases, table.switches { font-size: .82rem; }
  table:is(.switches, .labels) tr { display: grid; grid-template-columns: 1fr 1fr 1.7fr; }
  table.labels tr { grid-template-columns: 1.4fr 1fr 1.3fr; }
  table:is(.switches, .labels) :is(th, td) { margin-bottom: -1px; }
  table:is(.switches, .labels) :is(th, td):is(:nth-child(3), :nth-child(4)) { border-left: 0; }
  table:is(.switches, .labels) :is(th, td):first-child, table.labels :is(th, td):last-child {
    grid-column: 1 / -1; }
  table.counts { width: 100%; min-width: 0; }
  table.counts td:first-child { white-space: normal; }
}
@media print {
  html { font-size: 12px; }
  body { max-width: none; padding: 0; font-size: 8.5pt; line-height: 1.5; }
  .badge { font-size: .85em; }
  table { font-size: 7.8pt; line-height: 1.4; }
  th, td { padding: .15rem .35rem; }
  .pair { padding: .15rem 0; }
  h2 { break-before: page; margin-top: 0; }
  .cover h2, .toc h2 { break-before: auto; }
  .toc { break-before: page; }
  .wide { overflow: visible; }
  a { color: inherit; text-decoration: none; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
"""


def page_rules(version: str) -> str:
    """The margins of a printed page: its number, and of which tables it is."""
    return (
        "@page { size: A4; margin: 16mm 15mm 18mm;"
        f' @bottom-left {{ content: "Outlook 証明書エラー相談窓口 ・ {version}"; font-size: 8pt;'
        " color: #5a6470; }"
        ' @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt; color: #5a6470; } }'
    )
