"""The language of a person's own words."""

import re
from collections.abc import Collection, Iterable
from typing import Literal

_KANA = re.compile(r"[ぁ-ヺ][^ぁ-ヺ]{0,200}[ぁ-ヺ]")
_KANJI = re.compile(r"[\u4e00-\u9fff]")
_CHINESE = re.compile(r"[书证邮务无称标认与发后这为时间问题错误没过进开关]|憑證|郵件|您|吗|们|你")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_WORD = re.compile(r"(?<![a-z0-9@.])[a-z]{2,}(?![a-z0-9@]|\.[a-z])")


class LanguageWords:
    """Common words by which Latin letters are told apart."""

    def __init__(self, english: Collection[str], foreign: Collection[str], names: Collection[str]) -> None:
        self._english = frozenset(english)
        self._foreign = frozenset(foreign)
        self._names = frozenset(names)

    def language(self, text: str, windows: Iterable[tuple[int, int]]) -> Literal["ja", "en"] | None:
        """The language of what stands outside the `windows` (quotes, a window's lines); else of all.

        None for another language, a bare code, a name.
        """
        own = text
        for start, end in windows:
            own = own[:start] + " " * (end - start) + own[end:]
        return self._of(own, least=3) or self._of(text, least=2)

    def _of(self, text: str, least: int) -> Literal["ja", "en"] | None:
        if _KANA.search(text):
            return "ja"
        if _HANGUL.search(text):
            return None
        kanji = _KANJI.findall(text)
        if kanji:
            return None if len(kanji) < 2 or _CHINESE.search(text) else "ja"
        words = [word for word in _WORD.findall(text) if word not in self._names]
        english = sum(word in self._english for word in words)
        if sum(word in self._foreign for word in words) > english:
            return None
        return "en" if english or len(words) >= least else None
