"""The report's figures for other programs: ids and numbers, names as the tables have them. PURE."""

from collections.abc import Mapping
from typing import Any

from bot.report_figures import ENDS, Figures, Totals, Tries
from bot.report_found import WITHIN, Found, ending, owners

Json = dict[str, Any]


def as_json(found: Found) -> Json:
    """The whole report. Times are ISO 8601 in UTC, days those of the company's zone, shares are left to who
    reads it; a row that is null is a case in which no error was recognised."""
    figures, period = found.figures, found.figures.period
    groups = ending(found.watched, found.made)
    told: Json = {
        "made": found.made.isoformat(),
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "days": period.days,
        "time_zone": str(period.zone),
        "now": _totals(figures.current),
        "before": _totals(figures.before),
        "examples": figures.examples,
        "weeks": _weeks(figures),
        "rows": [{"row": row, **_totals(of)} for row, of in figures.rows.items()],
        "remedies": [{"remedy": remedy, **_tries(of)} for remedy, of in figures.remedies.items()],
        "remedies_by_row": [
            {"row": row, "remedy": remedy, **_tries(of)} for (row, remedy), of in figures.by_row.items()
        ],
        "handed_over": [
            {
                "row": one.row,
                "cases": one.cases,
                "closed_by_desk": one.closed,
                "solved_by_person": one.themselves,
                "median_minutes_until_taken": one.until_taken,
                "median_minutes_at_desk": one.at_desk,
            }
            for one in figures.desk
        ],
        "cures": [
            {
                "row": one.row,
                "remedy": one.remedy,
                "cases": one.cases,
                "advised_before": one.shown,
                "in_tables": one.offered,
            }
            for one in figures.cures
        ],
        "tables": [
            {"version": version, "first": first.isoformat(), "cases": cases}
            for version, first, cases in figures.tables
        ],
        "incidents": [
            {
                "incident": f"I-{one.number}",
                "row": one.row,
                "began": one.began.isoformat(),
                "closed": one.closed.isoformat() if one.closed else None,
                "people": one.people,
                "remedy": one.remedy,
                **({"server": one.server} if found.has_texts else {}),
            }
            for one in found.incidents
        ],
        "unmatched": {"texts": found.texts.count, "different": found.texts.different},
        "certificates": {
            "watched": sum(one.state != "ended" for one in found.watched),
            "ending": {str(days): len(group) for days, group in zip(WITHIN, groups, strict=True)},
            "owners": [
                {"owner": person, "ending": dict(zip(map(str, WITHIN), counts, strict=True))}
                for person, counts, _ in owners(groups)
            ],
        },
    }
    if found.has_texts:
        told["unmatched"]["shown"] = [
            {
                "text": one.text,
                "count": one.count,
                "decision": one.decision,
                "last": one.last.isoformat(),
                "row_by_now": one.by_now,
            }
            for one in found.texts.shown
        ]
        told["cures_in_words"] = [
            {"row": one.row, "words": one.words, "at": one.at.isoformat()} for one in found.own_words
        ]
    return told


def _weeks(figures: Figures) -> list[Json]:
    return [
        {
            "monday": one.week.monday.isoformat(),
            "days": one.week.days,
            "cases": one.totals.cases,
            "ends": _ends(one.totals),
            "rows": [{"row": row, "cases": count} for row, count in sorted(one.rows.items(), key=str)],
            "new_tables": [version for version, _ in one.new_tables],
        }
        for one in figures.weeks
    ]


def _ends(of: Totals) -> Mapping[str, int]:
    return {end: of.ends[end] for end in ENDS}


def _totals(of: Totals) -> Json:
    return {
        "cases": of.cases,
        "ends": _ends(of),
        "median_questions": of.questions,
        "median_minutes": of.minutes,
        "feedback": {"good": of.good, "bad": of.bad},
        "file_feedback": {"good": of.file_good, "bad": of.file_bad},
    }


def _tries(of: Tries) -> Json:
    return {
        "advised": of.offered,
        "helped": of.helped,
        "did_not": of.did_not,
        "another_answer": of.otherwise,
        "could_not": dict(of.could_not),
        "not_told": of.untold,
        "cured_by_desk": of.by_desk,
        "never_helped": of.never_helped,
    }
