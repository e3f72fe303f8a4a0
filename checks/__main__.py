"""`python -m checks FILE…`: what certificate files tell, as a table for people or as JSON lines."""

import argparse
import json
import os
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal

from checks import crl
from checks.arguments import WRONG_ARGUMENTS, parser
from checks.asking import host_and_port
from checks.fetch import Fetcher
from checks.private_key import SCANNED
from checks.report import Asking, BadTrust, Certificate, Finding, Report, Trust, inspect
from knowledge.book import Book
from knowledge.load import BadTables, load

Language = Literal["ja", "en"]

_EXIT = {"usable": 0, "limited": 1, "unusable": 1, "refused": 2}

_LABELS: dict[str, dict[Language, str]] = {
    "usable": {"ja": "使えます", "en": "usable"},
    "limited": {"ja": "一部だけ使えます", "en": "usable in part"},
    "unusable": {"ja": "使えません", "en": "not usable"},
    "refused": {"ja": "確認しませんでした", "en": "not looked into"},
    "purpose": {"ja": "用途", "en": "for"},
    "email": {"ja": "メール", "en": "e-mail"},
    "server": {"ja": "サーバー", "en": "a server"},
    "unclear": {"ja": "はっきりしません", "en": "unclear"},
    "sign": {"ja": "署名", "en": "sign"},
    "encrypt": {"ja": "暗号化", "en": "encrypt"},
    "yes": {"ja": "できます", "en": "yes"},
    "no": {"ja": "できません", "en": "no"},
    "unknown": {"ja": "わかりません", "en": "could not tell"},
    "subject": {"ja": "発行先", "en": "subject"},
    "addresses": {"ja": "アドレス", "en": "addresses"},
    "names": {"ja": "サーバー名", "en": "server names"},
    "issuer": {"ja": "発行元", "en": "issuer"},
    "validity": {"ja": "有効期間", "en": "valid"},
    "key": {"ja": "キー", "en": "key"},
    "signature": {"ja": "署名方式", "en": "signature"},
    "serial": {"ja": "シリアル番号", "en": "serial number"},
    "fingerprint": {"ja": "SHA-256", "en": "SHA-256"},
    "chain": {"ja": "チェーン", "en": "chain"},
    "trusted_by": {"ja": "信頼の根拠", "en": "trusted by"},
    "trust_list": {"ja": "Windows の一覧", "en": "list of Windows"},
    "old": {"ja": "（古くなっています）", "en": " (out of date)"},
    "found": {"ja": "見つかったこと", "en": "Found"},
    "not_told": {"ja": "わからなかったこと", "en": "Could not be told"},
    "fine": {"ja": "確かめて、当てはまらなかったこと", "en": "Looked for and not found"},
    "missing": {"ja": "ファイルが見つかりません。", "en": "There is no such file."},
    "private_key": {
        "ja": "中身は読んでいません。このファイルを誰にも渡さないでください。すでに送ったり、他の人も見られる"
        "場所に置いたりしたときは、このキーは漏れたものとして扱い、証明書の発行元に知らせてください。",
        "en": "It was not read. Do not give this file to anybody. If it was ever sent, or lay where others "
        "could see it, treat the key as exposed and tell the certificate's issuer.",
    },
    "folder": {"ja": "フォルダーです。ファイルを指定してください。", "en": "This is a folder; name a file."},
    "unreadable": {"ja": "ファイルを開けません。", "en": "The file cannot be opened."},
}


_STAR = "\ue000"
"""Stands for a certificate's own asterisk, while those that mean bold are taken out."""


def wording(finding: Finding, language: Language) -> str:
    """A finding in words: its name, and what it says if it holds."""
    book = _book()
    name = book.findings[finding.code].name[language]
    if not finding.holds:
        return name
    if finding.code == "private_key_uploaded":  # the tables speak of the message that it came with
        return f"{name}: {_LABELS['private_key'][language]}"
    dates = ("not_before", "not_after", "revoked_at")
    details = {
        blank: _local(datetime.fromisoformat(text))[:10] if blank in dates and text else text
        for blank, text in finding.detail.items()
    }
    shown = {blank: text.replace("*", _STAR) for blank, text in details.items()}
    words = book.finding(finding.code, "detail", shown, language)
    return f"{name}: {words.replace('*', '').replace(_STAR, '*')}"


def _local(time: datetime) -> str:
    """A moment in this machine's time zone, as ISO 8601 writes it; in UTC where no calendar has it here."""
    try:
        return time.astimezone().isoformat(" ")
    except (OverflowError, OSError):  # 99991231235959Z, which says that there is no end
        return time.isoformat(" ")


@cache
def _book() -> Book:
    """The words, and the company's own where KNOWLEDGE_DIR names them. Raises BadTables."""
    folder = os.environ.get("KNOWLEDGE_DIR")
    return load(Path(folder) if folder else None)


def main(arguments: Sequence[str] | None = None) -> int:
    """Inspects every named file, prints what it tells, and gives the exit code of the worst of them."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a file's name may be no text
    options = parser().parse_args(arguments)
    language: Language = "en" if os.environ.get("DEFAULT_LANGUAGE") == "en" else "ja"
    programme = os.environ.get("TRUST_PROGRAMME")
    try:
        trust = Trust.load(
            options.trust, options.chain, programme=Path(programme) if programme else "built-in", servers=True
        )
        lists = tuple(_list(path) for path in options.crl)
        _book()
    except (BadTrust, BadTables) as fault:
        print(f"checks: {fault}", file=sys.stderr)
        return WRONG_ARGUMENTS
    except OSError as fault:
        print(f"checks: {fault.filename}: {fault.strerror}", file=sys.stderr)
        return WRONG_ARGUMENTS
    with ExitStack() as open_now:
        fetcher = None
        if options.online:
            try:
                fetcher = open_now.enter_context(_fetcher(os.environ))
            except ValueError as fault:
                print(f"checks: {fault}", file=sys.stderr)
                return WRONG_ARGUMENTS
        asking = Asking(fetcher, revocation=options.online, issuers=options.online, lists=lists)
        return max(_inspected(file, options, trust, asking, language) for file in options.files)


def _list(path: Path) -> bytes:
    """A file with revocation lists. Raises BadTrust, OSError."""
    data = path.read_bytes()
    try:
        found = crl.read(data)
    except ValueError:
        found = ()
    if not found:
        raise BadTrust(f"{path}: no revocation list is in it")
    return data


def _fetcher(environment: Mapping[str, str]) -> Fetcher:
    """The way to the network, by the settings that the bot has too. Raises ValueError."""
    named = [host.strip() for host in environment.get("FETCH_ALLOWED_HOSTS", "").split(",") if host.strip()]
    try:
        hosts = [host_and_port(host) for host in named]
    except ValueError:
        raise ValueError("FETCH_ALLOWED_HOSTS: hosts, or host:port, with commas between them") from None
    return Fetcher(allowed_hosts=hosts, proxy=environment.get("FETCH_PROXY") or None)


def _inspected(
    file: str, options: argparse.Namespace, trust: Trust, asking: Asking, language: Language
) -> int:
    try:
        data = _content(Path(file))
    except OSError as fault:
        kinds: dict[type[OSError], str] = {FileNotFoundError: "missing", IsADirectoryError: "folder"}
        sentence = _LABELS[kinds.get(type(fault), "unreadable")][language]
        print(f"{_visible(file)}: {sentence}", file=sys.stderr)
        if options.json:
            print(_json(file, Report(verdict="refused")))
        return _EXIT["refused"]
    report = inspect(
        data, at=options.at, address=options.address, server=options.server, trust=trust, asking=asking
    )
    print(_json(file, report) if options.json else "\n".join(_table(file, report, language)))
    return _EXIT[report.verdict]


def _content(path: Path) -> bytes:
    """A file's bytes, of an endless one as many as are ever looked at. Raises OSError."""
    with path.open("rb") as file:
        return file.read(SCANNED)


def _json(file: str, report: Report) -> str:
    told = report.model_dump(
        mode="json", include={"verdict", "can_sign", "can_encrypt", "certificate", "findings"}
    )
    keys = ("verdict", "can_sign", "can_encrypt", "certificate", "findings")
    return json.dumps({"file": file, **{key: told[key] for key in keys}})


def _table(file: str, report: Report, language: Language) -> Iterator[str]:
    headline = next((finding for finding in report.holding if finding.code == report.headline), None)
    fine_but_unverified = report.verdict == "usable" and report.unverified
    verdict = _LABELS["unclear" if fine_but_unverified else report.verdict][language]
    yield f"{_visible(file)}: {verdict}" + (f" - {_visible(wording(headline, language))}" if headline else "")
    if report.certificate:
        rows = [
            (_LABELS[label][language] if label else "", value)
            for label, value in _facts(report, language)
            if value
        ]
        width = max(_width(label) for label, _ in rows)
        for label, value in rows:
            yield f"  {label}{' ' * (width - _width(label))}  {_visible(value)}"
    for holds, label in ((True, "found"), (None, "not_told")):
        told = sorted((one for one in report.findings if one.holds is holds), key=_weight)
        if told:
            yield f"  {_LABELS[label][language]}"
        for finding in told:
            yield f"    {_mark(finding)} {_visible(wording(finding, language) + _whose(finding, report))}"
    codes = dict.fromkeys(finding.code for finding in report.findings)
    if fine := [_book().findings[code].name[language] for code in codes if report.holds(code) is False]:
        yield f"  {_LABELS['fine'][language]}"
        yield f"    {', '.join(fine)}"
    yield ""


def _facts(report: Report, language: Language) -> Iterator[tuple[str, str]]:
    """Labels and values; an empty value is not shown, a row without a label goes on with the one above."""
    certificate = report.certificate
    assert certificate is not None
    answers = {True: "yes", False: "no", None: "unknown"}
    yield "purpose", _LABELS[report.purpose or "unclear"][language]
    if report.purpose == "email":
        yield "sign", _LABELS[answers[report.can_sign]][language]
        yield "encrypt", _LABELS[answers[report.can_encrypt]][language]
    yield "subject", certificate.subject
    yield "addresses", ", ".join(certificate.addresses)
    yield "names", ", ".join(certificate.server_names)
    inspects = _book().is_inspection(certificate.issuer_common_name or certificate.issuer)
    product = _book().say("inspection_product", language) if inspects else ""
    yield "issuer", certificate.issuer + product
    yield "validity", f"{_local(certificate.not_before)} - {_local(certificate.not_after)}"
    yield "key", certificate.key
    yield "signature", certificate.signature
    yield "serial", certificate.serial
    yield "fingerprint", certificate.fingerprint
    if len(report.chain) > 1:
        for depth, link in enumerate(reversed(report.chain)):
            yield "" if depth else "chain", "  " * (depth - 1) + ("└ " if depth else "") + _called(link)
    if report.trusted_by:
        yield "trusted_by", _book().say(f"list_{report.trusted_by}", language)
    if report.trust_list:
        age = _LABELS["old"][language] if report.trust_list_is_old else ""
        yield "trust_list", f"{report.trust_list}{age}"


def _whose(finding: Finding, report: Report) -> str:
    """Whose certificate a finding is about, where it is one of the issuers'."""
    if not finding.certificate:
        return ""
    return f" [{_called(report.chain[finding.certificate])}]"


def _called(certificate: Certificate) -> str:
    return certificate.common_name or certificate.subject


def _weight(finding: Finding) -> int:
    return ("refused", "error", "warning", "info").index(finding.severity)


def _mark(finding: Finding) -> str:
    if finding.holds is None:
        return "?"
    return {"refused": "✗", "error": "✗", "warning": "!", "info": "i"}[finding.severity]


def _visible(text: str) -> str:
    """The text with control and direction characters as codes: a certificate must not steer a terminal."""
    return "".join(
        f"<U+{ord(character):04X}>" if unicodedata.category(character).startswith("C") else character
        for character in text
    )


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


if __name__ == "__main__":
    sys.exit(main())
