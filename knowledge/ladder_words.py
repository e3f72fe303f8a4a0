"""The words in a drawing of a row: its facts, answers and remedies as people know them."""

from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.book import Book
from knowledge.ladder import Leaf
from knowledge.rows import UNKNOWN, Language
from knowledge.words import fill, menu_values

WORDS: Mapping[Language, Mapping[str, str]] = {
    "ja": {
        "yes": "はい",
        "no": "いいえ",
        "or": "／",
        "between": "・",
        "user": "利用者",
        "it": "担当者（IT）",
        "minutes": "約 {minutes} 分",
        "waits": "数日かかる",
        "never": "提案しない（never）",
        "off": "会社が許可するまで提案しない（employees_may）",
        "instead_of": "「{remedy}」を提案しないときだけ",
        "risk_none": "リスクなし",
        "risk_low": "リスク小",
        "risk_policy": "社内規程を確認",
        "risk_data": "データに注意",
        "risk_admin": "管理者権限が要る",
        "cases": "原因と対処",
        "send_now": "急ぎで送る",
        "person": "担当者に引き継ぐ",
        "person_urgent": "担当者に至急で引き継ぐ",
        "else": "どれでもない、または直らなかった",
        "asked": "尋ねること",
        "known": "わかっていれば使うこと（尋ねない）",
        "order": "上から順に見て、当てはまらないもの・試して直らなかったものは飛ばします。",
    },
    "en": {
        "yes": "yes",
        "no": "no",
        "or": " / ",
        "between": " · ",
        "user": "employee",
        "it": "IT",
        "minutes": "about {minutes} min",
        "waits": "takes days",
        "never": "never offered",
        "off": "not offered until switched on (employees_may)",
        "instead_of": "only while “{remedy}” is not offered",
        "risk_none": "no risk",
        "risk_low": "low risk",
        "risk_policy": "check the policy",
        "risk_data": "mind the data",
        "risk_admin": "needs an administrator",
        "cases": "Causes and remedies",
        "send_now": "Send this mail now",
        "person": "A person takes it",
        "person_urgent": "A person takes it, marked urgent",
        "else": "none of these, or it did not help",
        "asked": "asked",
        "known": "used if it is known (never asked)",
        "order": "From top to bottom; what does not apply, or was tried and did not help, is passed over.",
    },
}


@dataclass(frozen=True)
class LadderWords:
    """What stands in the boxes, on the ways and in the leaves, in one language."""

    book: Book
    language: Language

    def __getitem__(self, name: str) -> str:
        return WORDS[self.language][name]

    def title(self, row: str) -> str:
        return self.book.errors[row].title[self.language]

    def fact(self, name: str) -> str:
        """A fact's name."""
        row = self.book.questions.get(name) or self.book.findings[name]
        return row.name[self.language]

    def values(self, fact: str, values: tuple[str, ...], *, asked: bool) -> str:
        """Answers in words; of an asked one as they stand on the buttons."""
        return self["or"].join(self._value(fact, value, asked=asked) for value in values)

    def _value(self, fact: str, value: str, *, asked: bool) -> str:
        phrases = self.book.phrases
        if value == UNKNOWN:
            return phrases["button_unknown"][self.language]
        if fact == "whose" and not asked and f"card_whose_{value}" in phrases:
            return phrases[f"card_whose_{value}"][self.language]
        question = self.book.questions.get(fact)
        if question and value in question.option:
            return question.option[value][self.language]
        return self[value] if value in ("yes", "no") else value

    def remedy(self, remedy: str) -> str:
        """A remedy's title, its blanks filled as far as the company's file fills them."""
        title, book = self.book.remedies[remedy].title, self.book
        usual = {
            blank: book.phrases[f"default_{blank}"][self.language]
            if f"default_{blank}" in book.phrases
            else "…"
            for blank in title.blanks(self.language)
        }
        labels = menu_values(title, book.labels, "classic", self.language)
        given = {**usual, **book.company_values(self.language), **labels}
        return fill(title[self.language], given)

    def doing(self, leaf: Leaf) -> str:
        """Who does it, how long it takes, what it risks, and whether it is offered."""
        remedy = leaf.remedy
        row = self.book.remedies[remedy]
        said = [self[self.book.who(remedy)]]
        if row.waits:
            said.append(self["waits"])
        elif row.minutes:
            said.append(self["minutes"].replace("{minutes}", str(row.minutes)))
        said.append(self[f"risk_{row.risk}"])
        if remedy in self.book.company.never:
            said.append(self["never"])
        elif self.book.is_off(remedy):
            said.append(self["off"])
        if leaf.instead_of:
            said.append(self["instead_of"].replace("{remedy}", self.remedy(leaf.instead_of)))
        return self["between"].join(said)

    def kind(self, remedy: str) -> str:
        """Which colour a remedy has: "user", "it" or "never"."""
        return "never" if self.book.is_off(remedy) else self.book.who(remedy)
