"""The shapes of what IT staff write in the tables: every text, row, question, finding, remedy and label."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from knowledge.hours import Hours
from knowledge.language_codes import FURTHER

Language = Literal["ja", "en"]
LANGUAGES: tuple[Language, ...] = ("ja", "en")

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=r"\S")]

Outlook = Literal["classic", "new", "web", "mac"]
OUTLOOKS: tuple[Outlook, ...] = ("classic", "new", "web", "mac")
Risk = Literal["none", "low", "policy", "data", "admin"]

# What a person may always answer. Never an option of the table itself.
UNKNOWN = "unknown"

BLANK = re.compile(r"\{([a-z_]+(?:\.[a-z_0-9]+)?)\}")


class Row(BaseModel):
    """Anything written in a table: frozen, and a misspelt key is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Row):
    """One text in every language; its `{blanks}` are the same in each.

    A further language is one more key, such as `fr`; where it is missing, English is said.
    """

    ja: Sentence
    en: Sentence
    more: Mapping[str, Sentence] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _further_languages_are_keys(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        if "more" in data:
            raise ValueError("more is not a known key; a further language is a key such as fr")
        more = data.keys() & FURTHER
        kept = {key: value for key, value in data.items() if key not in more}
        return {**kept, "more": {language: data[language] for language in sorted(more)}}

    @model_validator(mode="after")
    def _blanks_are_equal(self) -> Self:
        for language in ("en", *self.more):
            if only := self.blanks("ja") ^ self.blanks(language):
                raise ValueError(
                    f"ja and {language} must have the same {{blanks}}; only one has {', '.join(sorted(only))}"
                )
        return self

    def blanks(self, language: str) -> frozenset[str]:
        return frozenset(BLANK.findall(self[language]))

    def __getitem__(self, language: str) -> str:
        if language == "ja":
            return self.ja
        return self.more.get(language, self.en)


class Option(Words):
    """One answer to a question; `sets` are further facts that it tells, `typed` other ways to write it."""

    sets: Mapping[Id, Id] = Field(default_factory=dict)
    typed: tuple[str, ...] = ()


class Question(Row):
    """One fact: its name for people, how it is asked (if ever), and its values.

    Without `ask` the fact is never asked, only supplied. With `text = true` its value is kept as typed.
    `typed` names the text fact that a typed answer is; `like` sorts such a text into the options
    (patterns with * and ?, any case).
    """

    name: Words
    ask: Words | None = None
    how: Words | None = None
    about: Literal["error", "pc"] = "error"
    text: bool = False
    typed: Id | None = None
    like: Mapping[Id, tuple[str, ...]] = Field(default_factory=dict)
    option: Mapping[Id, Option] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _has_values(self) -> Self:
        if self.text == bool(self.option):
            raise ValueError("needs either options or text = true")
        if UNKNOWN in self.option:
            raise ValueError('the answer "unknown" is always there; take it out of the options')
        if self.ask and len(self.option) > 4:
            raise ValueError("at most four options: the fifth button is わからない")
        if lost := set(self.like) - set(self.option):
            raise ValueError(f"like names no option: {', '.join(sorted(lost))}")
        return self

    def values(self) -> frozenset[str]:
        return frozenset(self.option) | {UNKNOWN}


class Case(Row):
    """When these facts hold, this remedy. `when` is asked for if missing, `known` is only used if known.

    With `instead_of` the case stands only where that remedy is off: the company has not switched it on.
    """

    when: Mapping[Id, tuple[Id, ...]] = Field(default_factory=dict)
    known: Mapping[Id, tuple[Id, ...]] = Field(default_factory=dict)
    instead_of: Id | None = None
    do: Id

    @model_validator(mode="before")
    @classmethod
    def _one_value_is_a_list_of_one(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        out = dict(data)
        for key in ("when", "known"):
            if isinstance(out.get(key), Mapping):
                out[key] = {f: v if isinstance(v, list | tuple) else (v,) for f, v in out[key].items()}
        return out

    @model_validator(mode="after")
    def _each_fact_once(self) -> Self:
        if both := set(self.when) & set(self.known):
            raise ValueError(f"{', '.join(sorted(both))} stands in both when and known")
        return self

    def conditions(self) -> dict[str, tuple[str, ...]]:
        return {**self.known, **self.when}


class Error(Row):
    """A row of the error table: how it shows itself, what it means, and its ladder of cases.

    `line` is how the row reads in the error window (a candidate's button), `whose` whose certificate
    it is about if nothing else tells, `send_now` the ladder of [急ぎで送る] (an empty one: a person).
    """

    title: Words
    means: Words
    line: Words
    example: Words
    causes: Words
    whose: Id | None = None
    case: tuple[Case, ...] = Field(min_length=1)
    send_now: tuple[Case, ...] = ()


class Finding(Row):
    """The words for one thing that a certificate file tells; its id is the check's code and the fact's name.

    `row` is the error behind which this cause stands, when a file comes without an error text.
    """

    name: Words
    headline: Words
    detail: Words
    row: Id | None = None


class Step(Words):
    """One action, with its warning; `only` limits it to some kinds of Outlook."""

    only: tuple[Outlook, ...] = OUTLOOKS
    warning: Words | None = None


class Outcome(Words):
    """A way in which a remedy may end, beside solved and not solved; it tells facts.

    `says` is what that means, said before whatever comes next.
    """

    sets: Mapping[Id, Id]
    says: Words | None = None


class Remedy(Row):
    """What to do, in order. `minutes` is how long it takes, `who` does it; with `waits` it takes days.

    `done` names it as something that was done. `note` stands small under the title, `after` is said when it
    helped, `next` is the helpdesk's next action when a person has to do it. `source` is where it comes from,
    `reviewed` when it was last compared with that.
    """

    title: Words
    done: Words | None = None
    minutes: Annotated[int, Field(ge=0, le=480)]
    risk: Risk
    who: Literal["user", "it"]
    waits: bool = False
    note: Words | None = None
    after: Words | None = None
    next: Words | None = None
    step: tuple[Step, ...] = Field(default=(), max_length=24)
    outcome: Mapping[Id, Outcome] = Field(default_factory=dict)
    source: Sentence
    reviewed: date

    @model_validator(mode="after")
    def _can_be_done(self) -> Self:
        if self.who == "user" and not self.step:
            raise ValueError("a remedy that the employee does needs steps")
        if self.who == "it" and self.next is None:
            raise ValueError("a remedy that IT does needs next, the helpdesk's next action")
        return self

    def steps(self, outlook: Outlook) -> tuple[Step, ...]:
        """The steps for this kind of Outlook, none if it cannot be done there."""
        return tuple(step for step in self.step if outlook in step.only)


class Label(Row):
    """A menu, button or field exactly as Windows or Outlook shows it, for `any` or some kinds of Outlook.

    `confirmed` is the day on which somebody saw it on a real PC; without it the label is on the list
    of those still to be confirmed.
    """

    kind: Literal["menu", "choice"] = "menu"
    any: Words | None = None
    classic: Words | None = None
    new: Words | None = None
    web: Words | None = None
    mac: Words | None = None
    source: Sentence
    confirmed: date | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not any(self.on(outlook) for outlook in OUTLOOKS):
            raise ValueError("needs the label's words: any, classic, new, web or mac")
        return self

    def on(self, outlook: Outlook) -> Words | None:
        words: Words | None = getattr(self, outlook)
        return words or self.any


USUAL_HOURS = "mon-fri 09:00-18:00"


class Company(Row):
    """What IT answers once for everybody. Everything is optional; each entry saves a question or a search.

    `language` is the helpdesk's own; `desk` says that cases can be put into a channel, `remind_minutes` after
    how many minutes of its hours an untouched case is brought up again; so many `incident_people` with the
    same within `incident_minutes` are an incident (the settings know all four). `employees_may` are the
    remedies that employees may do by themselves although IT would, or although they have a risk (allowed.py).
    """

    name: Words | None = None
    mail_system: Literal["m365", "exchange", "hosting"] | None = None
    mail_servers: tuple[str, ...] = ()
    own_domains: tuple[str, ...] = ()
    outlook: Outlook | None = None
    signing: Literal["required", "optional"] | None = None
    certificate_issuer: Words | None = None
    renewal: Words | None = None
    inspection_products: tuple[str, ...] = ()
    web_mail: Annotated[str, StringConstraints(pattern=r"^https://\S+$")] | None = None
    helpdesk: Words | None = None
    emergency: Words | None = None
    hours: str | None = None
    time_zone: str = "Asia/Tokyo"
    holidays: tuple[date, ...] = ()
    language: Language = "ja"
    desk: bool = False
    remind_minutes: int = 30
    incident_people: int = 5
    incident_minutes: int = 30
    employees_may: tuple[Id, ...] = ()
    never: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _hours_can_be_read(self) -> Self:
        Hours.parse(self.hours or USUAL_HOURS, self.time_zone, self.holidays)
        return self

    @property
    def working_hours(self) -> Hours:
        """When somebody may be reminded: the helpdesk's hours, or usual ones."""
        return Hours.parse(self.hours or USUAL_HOURS, self.time_zone, self.holidays)

    def facts(self) -> dict[str, str]:
        """The facts that the company's file tells, by the names that the tables use."""
        told: dict[str, str | None] = {"mail_system": self.mail_system, "outlook": self.outlook}
        if self.signing:
            told["signing_needed"] = "yes" if self.signing == "required" else "no"
        return {name: value for name, value in told.items() if value}
