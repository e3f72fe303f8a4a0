"""All tables as one Book: loaded, every reference checked, and asked for decisions."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Literal

from knowledge import allowed
from knowledge.concepts import Concepts
from knowledge.decide import Advise, Decision, GiveUp, decide
from knowledge.facts import Attempt, Known
from knowledge.recognise import Recognition, recognise, without_rows
from knowledge.rows import (
    UNKNOWN,
    Case,
    Company,
    Error,
    Finding,
    Label,
    Language,
    Outlook,
    Question,
    Remedy,
    Words,
)
from knowledge.words import fill, hours_text, menu_values

YES_NO = frozenset({"yes", "no", UNKNOWN})


@dataclass(frozen=True)
class Book:
    """Everything that the helpdesk knows, by id."""

    errors: Mapping[str, Error]
    questions: Mapping[str, Question]
    findings: Mapping[str, Finding]
    remedies: Mapping[str, Remedy]
    labels: Mapping[str, Label]
    phrases: Mapping[str, Words]
    intents: Mapping[str, tuple[str, ...]]
    concepts: Concepts
    company: Company = field(default_factory=Company)
    off: Mapping[str, Error] = field(default_factory=dict)
    """The errors that the company switched off: they are recognised, and a person gets them at once."""

    def with_company(self, company: Company) -> "Book":
        return replace(self, company=company)

    def recognise(self, text: str) -> Recognition:
        """What the text is taken for, among the errors that there are."""
        return without_rows(recognise(text, self.concepts), self.off)

    @cached_property
    def version(self) -> str:
        """Twelve hexadecimal digits; others when anything in the tables is, the company's file included."""
        whole = hashlib.sha256(self.concepts.version.encode())
        tables = (self.errors, self.questions, self.findings, self.remedies, self.labels, self.phrases)
        for table in tables:
            for id_, row in sorted(table.items()):
                whole.update(f"\n{id_} {row.model_dump_json()}".encode())
        whole.update(f"\n{sorted(self.intents.items())} {self.company.model_dump_json()}".encode())
        if self.off:
            whole.update(f"\n{sorted(self.off)}".encode())
        return whole.hexdigest()[:12]

    # --- words ---

    def say(self, phrase: str, language: Language, **values: str) -> str:
        """A phrase with its blanks filled; the company's blanks fill themselves."""
        return fill(self.phrases[phrase][language], {**self.company_values(language), **values})

    def company_values(self, language: Language) -> dict[str, str]:
        """What the company's file says for the blanks, and an honest default where it is silent."""
        company = self.company
        texts = {
            "company": company.name,
            "certificate_issuer": company.certificate_issuer,
            "renewal": company.renewal,
            "contact": company.helpdesk,
            "emergency": company.emergency,
        }
        given = {name: words[language] if words else None for name, words in texts.items()}
        given |= {
            "hours": hours_text(company.hours, language) if company.hours else None,
            "web_mail": company.web_mail,
            "provider_host": company.mail_servers[0] if company.mail_servers else None,
        }
        return {name: value or self.phrases[f"default_{name}"][language] for name, value in given.items()}

    def step(self, step: Words, outlook: Outlook, language: Language, values: Mapping[str, str]) -> str:
        """A step or a warning, with the labels as this kind of Outlook shows them."""
        labels = menu_values(step, self.labels, outlook, language)
        return fill(step[language], {**self.company_values(language), **values, **labels})

    def finding(
        self, code: str, what: Literal["headline", "detail"], details: Mapping[str, str], language: Language
    ) -> str:
        """A finding in words. `details` are its blanks by name; kinds and reasons get words of their own."""
        words: Words = getattr(self.findings[code], what)
        values = dict.fromkeys(words.blanks(language), "—")
        for name in ("address", "server", "issuer", "not_after", "kind", "url"):
            values[name] = self.phrases[f"default_{name}"][language]
        for name, text in details.items():
            phrase = self.phrases.get(f"{name}_{text.lower()}") if name in ("kind", "reason") else None
            if text and (phrase or name != "kind"):  # a kind without words is "no certificate"
                values[name] = phrase[language] if phrase else text
        if (root := details.get("root")) and self.is_inspection(root):
            values["reason"] = self.phrases["reason_root_inspection"][language]
        return fill(words[language], values)

    def is_inspection(self, issuer: str) -> bool:
        """Whether an issuer's name is that of a product that inspects traffic: antivirus, gateways."""
        return self.classify("issuer", issuer).get("issuer_kind") == "inspection"

    # --- facts ---

    @cached_property
    def facts(self) -> Mapping[str, frozenset[str] | None]:
        """Every fact and its values (None: a text, kept as typed)."""
        findings = dict.fromkeys(self.findings, YES_NO)
        asked = {name: None if row.text else row.values() for name, row in self.questions.items()}
        return {**findings, **asked}

    def classify(self, fact: str, text: str, domain: str | None = None) -> dict[str, str]:
        """The facts that a text fact (a server's name, an issuer's) tells by the patterns of the tables.

        `domain` is the mail domain of the person who told it: the company's own, if nothing else is known.
        """
        told = {}
        for name, question in self.questions.items():
            if question.typed == fact and (option := self._option_like(name, question, text, domain)):
                told[name] = option
                told.update(question.option[option].sets)
        return told

    def _option_like(self, name: str, question: Question, text: str, domain: str | None) -> str | None:
        plain = text.strip().casefold()
        for option, patterns in self._company_likes(name, domain):
            is_like = any(fnmatchcase(plain, pattern.casefold()) for pattern in patterns)
            if is_like and option in question.option:
                return option
        for option, given in question.like.items():
            if any(fnmatchcase(plain, pattern.casefold()) for pattern in given):
                return option
        return None

    def _company_likes(self, fact: str, domain: str | None) -> list[tuple[str, list[str]]]:
        company = self.company
        if fact == "server_kind":
            domains = [*company.own_domains, *([domain] if domain else [])]
            own = [f"*.{known}" for known in domains] + domains
            autodiscover = [f"autodiscover.{known}" for known in domains]
            return [("autodiscover", autodiscover), ("provider", list(company.mail_servers)), ("own", own)]
        if fact == "issuer_kind":
            names = [company.name.ja, company.name.en] if company.name else []
            if company.certificate_issuer:
                names += [company.certificate_issuer.ja, company.certificate_issuer.en]
            return [
                ("inspection", [f"*{product}*" for product in company.inspection_products]),
                ("company", [f"*{name}*" for name in names]),
            ]
        return []

    # --- decisions ---

    def outlook(self, facts: Mapping[str, str]) -> Outlook:
        """The Outlook to describe: the one told, else the company's standard, else classic."""
        told = facts.get("outlook", self.company.outlook or "classic")
        return told if told in ("new", "web", "mac") else "classic"  # type: ignore[return-value]

    def who(self, remedy: str) -> str:
        """Who does it: "user" or "it"; the company may let employees do what is otherwise IT's."""
        return allowed.who(remedy, self.remedies[remedy], self.company)

    def is_off(self, remedy: str) -> bool:
        """Whether the company keeps it from everybody: never wanted, or its risk not switched on."""
        return allowed.is_off(remedy, self.remedies[remedy], self.company)

    def awaits_leave(self, remedy: str) -> bool:
        """Whether only the company's leave is missing: employees could do it, but for its risk."""
        never = remedy in self.company.never
        return not never and allowed.needs_switch(remedy, self.remedies[remedy], self.company)

    def offered(self, remedy: str, outlook: Outlook) -> bool:
        """Whether it may be advised at all: it is not off, and it can be done in this Outlook."""
        if self.is_off(remedy):
            return False
        return self.who(remedy) == "it" or bool(self.remedies[remedy].steps(outlook))

    def stands(self, case: Case) -> bool:
        """Whether this case counts: not where what it stands in for is there."""
        other = case.instead_of
        return other is None or other not in self.remedies or self.is_off(other)

    def decide(
        self,
        cases: Sequence[Case],
        known: Mapping[str, Known],
        attempts: Sequence[Attempt],
        *,
        may_ask: bool = True,
    ) -> Decision:
        """What comes next on this ladder, given what is known and what was tried."""
        facts = {name: fact.value for name, fact in known.items()}
        outlook = self.outlook(facts)
        done = [
            place
            for place, case in enumerate(cases)
            if not self.stands(case) or not self.offered(case.do, outlook) or _spent(case, known, attempts)
        ]
        return decide(cases, facts, done, may_ask=may_ask)

    def later_for_it(
        self,
        cases: Sequence[Case],
        decision: Decision,
        known: Mapping[str, Known],
        attempts: Sequence[Attempt],
    ) -> list[str]:
        """What IT can do after the decided remedy: the rest of the ladder that is IT's, in order.

        Nothing, where a file showed the cause: then the remedy is the cure, and no attempt.
        """
        if isinstance(decision, Advise):
            by_file = [fact for fact in cases[decision.case].conditions() if fact in self.findings]
            if any(fact in known and known[fact].source == "file" for fact in by_file):
                return []
        after = decision.case + 1 if isinstance(decision, Advise) else 0
        facts = {name: fact.value for name, fact in known.items()}
        found = []
        for case in cases[after:]:
            unasked = any(fact not in facts for fact in case.conditions())
            alone = decide([case], facts, may_ask=False)
            fits = isinstance(alone, Advise) and not unasked and not _spent(case, known, attempts)
            is_it = self.who(case.do) == "it" and case.do not in self.company.never
            if fits and self.stands(case) and is_it and case.do not in found:
                found.append(case.do)
        return found

    def passed_over(
        self, cases: Sequence[Case], known: Mapping[str, Known], attempts: Sequence[Attempt]
    ) -> list[str]:
        """The remedies above what is decided now that only lack the company's leave, and may fit.

        At most the last question of their case is open: nobody asked it, for nothing hung on it.
        """
        facts = {name: fact.value for name, fact in known.items()}
        decision = self.decide(cases, known, attempts, may_ask=False)
        end = decision.case if isinstance(decision, Advise) else len(cases)
        return [
            case.do
            for case in cases[:end]
            if self.awaits_leave(case.do)
            and sum(fact not in facts for fact in case.when) <= 1
            and not isinstance(decide([case], facts), GiveUp)
        ]


def _spent(case: Case, known: Mapping[str, Known], attempts: Sequence[Attempt]) -> bool:
    """Whether this case's remedy was advised and ended while its facts were what they are now."""
    changed = max((known[fact].changed for fact in case.conditions() if fact in known), default=0)
    return any(
        attempt.remedy == case.do and attempt.outcome != "solved" and attempt.turn >= changed
        for attempt in attempts
    )
