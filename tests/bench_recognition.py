"""How recognition grows with the tables and with the text: what `make bench` prints of it, ratios first."""

import importlib
import pkgutil
import re
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import knowledge
from knowledge.book import Book
from knowledge.load import load

ROWS = (10, 1_000, 10_000)
"""How many rows the generated overlays add to the built-in ones."""

PARTS = ("ゲートウェイ", "中継サーバー", "証明書ストア", "認証装置", "暗号化装置", "配布サーバー", "署名装置")
STATES = ("が応答しません", "の証明書が登録されていません", "の期限が切れています", "を確認できません")

LETTER = """お疲れ様です。営業部の佐藤です。いつもお世話になっております。
昨日の夕方から、Outlook でお客様にメールを送ろうとすると次のような画面が出て先に進めません。
パソコンの再起動とアカウントの確認は済ませましたが、状況は変わりませんでした。
本日中に見積書をお送りする約束をしておりますので、お急ぎでご確認いただけますと助かります。
なお、隣の席の者は問題なく送れているようです。ネットワークは社内の有線 LAN を使っています。
画面の内容は以下のとおりです。
Microsoft Outlook
このセキュリティ証明書は、信頼する証明機関から発行されたものではありません。
[はい(Y)] [いいえ(N)] [証明書の表示(V)]
以前は普通に送れていました。先週の金曜日にパソコンを新しいものに交換してもらったばかりです。
その際に何か設定が必要だったのでしょうか。手順書があれば送っていただけると助かります。
"""
SIGNS = "このメッセージに署名するための電子署名がどこにも設定されて居らず送れまてん"
"""Nearly a window's line: what is compared with every known wording that may be it."""

HOSTILE = (
    "証明書",
    "は",
    "の" * 40,
    "期限",
    "切れ",
    "a",
    "ー",
    " ",
    "\n",
    "<",
    "&",
    "1",
    "-",
    ".",
    "@",
    "*",
    "「",
)


def overlay(folder: Path, rows: int) -> Path:
    """A company's tables with so many rows of its own, each with a window's line in both languages."""
    errors, lines = [], []
    for number in range(rows):
        part, state = PARTS[number % len(PARTS)], STATES[number % len(STATES)]
        name, title = f"own_{number}", f"社内{part} {number} {state}"
        errors.append(
            f'[error.{name}]\ntitle.ja = "{title}"\ntitle.en = "Own device {number}"\n'
            'means.ja = "装置の問題です。"\nmeans.en = "The device."\n'
            f'line.ja = "{title}"\nline.en = "Device {number}"\n'
            'example.ja = "例"\nexample.en = "Example"\ncauses.ja = "装置"\ncauses.en = "The device"\n'
            'case = [{ do = "isolate" }]\n'
        )
        lines.append(
            f'[line.{name}]\nrow = "{name}"\nja = ["社内{part}第{number}号{state}"]\n'
            f'en = ["company device {number} of the {number % 97} kind does not answer"]\n'
        )
    (folder / "errors.toml").write_text("\n".join(errors), encoding="utf-8")
    (folder / "concepts.toml").write_text("\n".join(lines), encoding="utf-8")
    return folder


def milliseconds(book: Book, text: str, times: int = 40) -> float:
    """The processor's milliseconds of one recognition: the median of so many."""
    taken = []
    for _ in range(times):
        begin = time.thread_time()
        book.recognise(text)
        taken.append((time.thread_time() - begin) * 1000)
    return statistics.median(taken)


def of_length(text: str, length: int) -> str:
    return (text * (length // len(text) + 1))[:length]


def worst_growth(book: Book, pieces: Iterable[str] = HOSTILE) -> tuple[float, str]:
    """The piece whose repetition is read worst: how many times longer ten times its length takes."""
    ratios = {
        piece: milliseconds(book, of_length(piece, 2_900), 3) / milliseconds(book, of_length(piece, 290), 3)
        for piece in pieces
    }
    worst = max(ratios, key=ratios.__getitem__)
    return ratios[worst], worst


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every regular expression of the package, by its module and name."""
    for module in pkgutil.iter_modules(knowledge.__path__):
        if module.name != "__main__":
            for name, value in vars(importlib.import_module(f"knowledge.{module.name}")).items():
                if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                    yield f"{module.name}.{name}", value


def searching(pattern: re.Pattern[str], text: str) -> float:
    """The processor's milliseconds of finding every match; the better of two."""
    taken = []
    for _ in range(2):
        begin = time.thread_time()
        for _ in pattern.finditer(text):
            pass
        taken.append((time.thread_time() - begin) * 1000)
    return min(taken)


def slowest_pattern() -> tuple[float, str, str]:
    """Of all expressions and pieces, what takes longest over 39,000 characters: milliseconds, both names."""
    return max(
        (searching(pattern, of_length(piece, 39_000)), name, piece)
        for name, pattern in patterns()
        for piece in HOSTILE
    )


def figures() -> list[str]:
    """The lines that `make bench` prints of recognition."""
    texts = {"a letter of 1,500 characters": of_length(LETTER, 1_500), "nearly a window's line": SIGNS}
    took: dict[str, list[float]] = {name: [] for name in texts}
    for rows in ROWS:
        with tempfile.TemporaryDirectory() as folder:
            grown = load(overlay(Path(folder), rows))
        for name, text in texts.items():
            took[name].append(milliseconds(grown, text))
    shown = [
        f"recognition, rows    {taken[-1] / taken[-2]:6.2f} × for ten times the rows: {name} "
        f"({', '.join(f'{rows:,}: {one:.2f} ms' for rows, one in zip(ROWS, taken, strict=True))})"
        for name, taken in took.items()
    ]
    book = load()
    ratio, piece = worst_growth(book)
    shown.append(f"recognition, hostile {ratio:6.2f} × for ten times the length: {piece[:10]!r} repeated")
    taken, name, piece = slowest_pattern()
    pattern = dict(patterns())[name]
    ratio = taken / max(searching(pattern, of_length(piece, 3_900)), 0.001)
    shown.append(
        f"regular expressions  {ratio:6.2f} × for ten times the length, the slowest ({name}, {taken:.1f} ms "
        f"for 39,000 × {piece[:10]!r})"
    )
    for length in (150, 1_500, 39_000):
        taken = milliseconds(book, of_length(LETTER, length))
        shown.append(f"recognition          {taken:6.2f} ms a letter of {length:,} characters")
    return shown


if __name__ == "__main__":
    print("\n".join(figures()))
