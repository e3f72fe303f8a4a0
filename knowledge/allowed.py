"""What employees may do: a remedy with a risk is off until the company switches it on."""

from collections.abc import Iterator, Mapping

from knowledge.rows import Company, Remedy, Risk

# What the company answers for, not the person: its rules (policy), what could be lost (data), the rights on
# its PCs (admin). A low risk is none of these: the person can take it back alone, as the steps say.
NEEDS_LEAVE: frozenset[Risk] = frozenset(("policy", "data", "admin"))


def who(remedy: str, row: Remedy, company: Company) -> str:
    """Who does it: "user" or "it"; the company may let employees do what is otherwise IT's."""
    return "user" if row.step and remedy in company.employees_may else row.who


def is_off(remedy: str, row: Remedy, company: Company) -> bool:
    """Whether it is kept from everybody: the company never wants it, or has not switched its risk on."""
    return remedy in company.never or needs_switch(remedy, row, company)


def needs_switch(remedy: str, row: Remedy, company: Company) -> bool:
    """Whether employees would do it and it has a risk that the company has not taken on."""
    return row.who == "user" and row.risk in NEEDS_LEAVE and remedy not in company.employees_may


def switch_faults(company: Company, remedies: Mapping[str, Remedy]) -> Iterator[str]:
    """What is wrong with `employees_may` and `never`, a sentence each."""
    for id_ in company.employees_may:
        row = remedies.get(id_)
        where = "company.toml employees_may"
        if row is None:
            yield f"{where}: there is no remedy “{id_}”."
        elif id_ in company.never:
            yield f"{where}: “{id_}” stands in never, too. Take it out of one of them."
        elif row.who == "it" and not row.step:
            yield f"{where}: “{id_}” has no steps that an employee could follow; it stays with IT."
        elif row.who == "user" and row.risk not in NEEDS_LEAVE:
            yield f"{where}: “{id_}” needs no switching on (risk {row.risk}). Take it out."
    for id_ in company.never:
        if id_ not in remedies:
            yield f"company.toml never: there is no remedy “{id_}”."
