"""A company's folder: which of its files are read, and names that are not quite theirs."""

from collections.abc import Iterator
from pathlib import Path

from knowledge.sources import BUILT_IN, Sources
from knowledge.suggestion import meant

READ = (
    "company.toml",
    "concepts.toml",
    "errors.toml",
    "questions.toml",
    "findings.toml",
    "remedies.toml",
    "labels.toml",
    "phrases.toml",
)


def folder_faults(overlay: Path, sources: Sources) -> Iterator[str]:
    """A file that somebody may think is read, and is not. Other files than .toml are nobody's business."""
    if not overlay.is_dir():
        what = "is a file, not a folder" if overlay.exists() else "is not there"
        yield f"{overlay}: the folder {what}. Correct KNOWLEDGE_DIR or --tables."
        return
    for path in sorted(overlay.iterdir()):
        name, where = path.name, sources.company(path.name)
        if name in READ and not path.exists():
            yield f"{where}: is a link to a file that is not there. Mend the link or take it away."
        plain = name.lower().removesuffix(".txt")
        if name in READ or name.startswith(".") or not plain.endswith(".toml"):
            continue
        if plain in READ:
            yield f"{where}: is not read; its name must be {plain}." + (
                " Windows hides .txt: show file name extensions, then rename it." if plain != name else ""
            )
        elif (first := f"{plain.removesuffix('.toml').partition('_')[0]}.toml") in READ and "_" in plain:
            yield f"{where}: is not read; put its rows into {first}."
        elif (Path(__file__).parent / "tables" / plain).exists():
            yield f"{where}: is not read; {plain} stands in {BUILT_IN} alone. Take the file away."
        else:
            near = meant(plain, READ) or f" Files that are read: {', '.join(READ)}."
            yield f"{where}: no file of this name is read.{near}"
