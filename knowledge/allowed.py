"""What employees may do: a remedy with a risk is off until the company switches it on."""

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
