"""A row's ladder as a Mermaid flowchart (https://mermaid.js.org/syntax/flowchart.html)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from knowledge.book import Book
from knowledge.ladder import Box, Node, ladder
from knowledge.ladder_words import LadderWords
from knowledge.rows import Language

_CLASSES = (
    "  classDef asked fill:#e3efff,stroke:#1a5fb4,color:#10233d",
    "  classDef known fill:#f4f4f4,stroke:#777,color:#333,stroke-dasharray:4 3",
    "  classDef user fill:#e6f5e6,stroke:#2a7d2a,color:#123312",
    "  classDef it fill:#fff1dc,stroke:#b25d00,color:#402200",
    "  classDef never fill:#fff,stroke:#aaa,color:#777",
)


def mermaid(book: Book, row: str, language: Language) -> str:
    """The flowchart: boxes are facts, answers stand on the ways, remedies are numbered as their cases."""
    words = LadderWords(book, language)
    error = book.errors[row]
    lines = ["flowchart LR", f"  %% {words['order']}"]
    for name, cases, end in (("cases", error.case, "person"), ("send_now", error.send_now, "person_urgent")):
        drawing = _Drawing(words, name)
        begin = f"{words.title(row)}: {words[name]}"
        lines += [
            f"  {name}([{_quoted(begin)}])",
            *drawing.nodes(ladder(cases, may_ask=name == "cases"), name, ""),
        ]
        lines.append(f"  {name}_end[[{_quoted(words[end])}]]")
        lines.append(f"  {name} -. {_quoted(words['else'])} .-> {name}_end")
    return "\n".join([*lines, *_CLASSES])


@dataclass
class _Drawing:
    words: LadderWords
    name: str
    boxes: list[Box] = field(default_factory=list)

    def nodes(self, nodes: Sequence[Node], above: str, label: str) -> Iterator[str]:
        """The nodes, each with the way from what stands above it."""
        way = f" -- {_quoted(label)} --> " if label else " --> "
        for node in nodes:
            if isinstance(node, Box):
                self.boxes.append(node)
                id_ = f"{self.name}_{len(self.boxes)}"
                kind = "asked" if node.asked else "known"
                before, after = ("{{", "}}") if node.asked else ("[", "]")
                yield f"  {above}{way}{id_}{before}{_quoted(self.words.fact(node.fact))}{after}:::{kind}"
                for one in node.ways:
                    answer = self.words.values(node.fact, one.values, asked=node.asked)
                    yield from self.nodes(one.then, id_, answer)
            else:
                id_ = f"{self.name}_case_{node.case + 1}"
                said = f"{node.case + 1}. {self.words.remedy(node.remedy)}"
                text = f"{_quoted(said)[:-1]}<br/>{_quoted(self.words.doing(node))[1:]}"
                yield f"  {above}{way}{id_}({text}):::{self.words.kind(node.remedy)}"


def _quoted(text: str) -> str:
    """The text in quotes; what Mermaid would read as its own is an entity."""
    safe = text.replace("&", "&amp;").replace('"', "#quot;").replace("<", "&lt;").replace(">", "&gt;")
    return f'"{safe}"'
