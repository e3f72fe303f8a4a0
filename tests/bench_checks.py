"""What a certificate check costs, against the least that it could and one `openssl verify` process."""

import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import padding, rsa

from checks import programme
from checks.report import Asking, Trust, inspect
from checks.structure import Parsed, parse
from tests.certificates import ADDRESS, AT, DAY, Issued, authority, person, rsa_key
from tests.revocation_authority import Server, Shelf, answer, responders


def figures() -> Iterator[str]:
    """Lines for people, ratios first."""
    root = authority("Example Root CA", key=rsa_key())
    issuing = authority("Example Issuing CA", root, key=rsa.generate_private_key(65537, 2048))
    listed = Trust.load(programme="built-in", servers=True)
    trust = listed.joined(Trust.of([root.der], [issuing.der]))
    leaf = person(issuing, key=rsa.generate_private_key(65537, 2048))
    sent, known = leaf.der, issuing.der

    def check() -> None:
        inspect(sent, at=AT, address=ADDRESS, trust=trust)

    def least() -> None:
        for data, signer in ((sent, issuing), (known, root)):
            _verify(parse(data), signer)

    full, floor = _timed(check), _timed(least)
    yield (
        f"a full check         {full / floor:6.2f} × its own parsing and RSA verifications "
        f"({full:.3f} ms, {floor:.3f} ms)"
    )
    with tempfile.TemporaryDirectory() as folder:
        process = _openssl(Path(folder), leaf, issuing, root)
    if process:
        yield f"                     {process / full:6.1f} × as fast as one openssl verify ({process:.2f} ms)"
    else:
        yield "                     no openssl here to compare with"
    yield from _with_a_kept_answer(listed)
    programme.built_in.cache_clear()
    begin = time.perf_counter()
    count = len(Trust.load(programme="built-in").issuers_by_name)
    yield f"{count} names of roots     {(time.perf_counter() - begin) * 1000:6.1f} ms to load, once"


def _with_a_kept_answer(listed: Trust) -> Iterator[str]:
    kept, issuing = Shelf(), authority("Example Responding CA")
    trust = listed.joined(Trust.of([issuing.der]))
    with Server() as server, server.fetcher() as fetcher:
        leaf = person(issuing, responders(server.at("/ocsp")))
        server.answers["/ocsp"] = answer(leaf, issuing, start=AT - DAY, end=AT + DAY)
        asking = Asking(fetcher, revocation=True, kept=kept)

        def check() -> None:
            inspect(leaf.der, at=AT, address=ADDRESS, trust=trust, asking=asking)

        warm = _timed(check)
        offline = _timed(lambda: inspect(leaf.der, at=AT, address=ADDRESS, trust=trust))
    asked = f"{warm:.3f} ms; asked {len(server.asked)} times"
    yield f"with a kept answer   {warm / offline:6.2f} × without asking ({asked})"


def _verify(certificate: Parsed, signer: Issued) -> None:
    key = signer.certificate.public_key()
    hash_algorithm = signer.certificate.signature_hash_algorithm
    assert isinstance(key, rsa.RSAPublicKey)
    assert hash_algorithm
    key.verify(certificate.signature, certificate.signed, padding.PKCS1v15(), hash_algorithm)


def _openssl(folder: Path, leaf: Issued, issuing: Issued, root: Issued) -> float | None:
    """The milliseconds of one process that verifies the same chain, if there is an openssl."""
    if shutil.which("openssl") is None:
        return None
    for name, one in (("leaf", leaf), ("issuing", issuing), ("root", root)):
        (folder / f"{name}.pem").write_bytes(one.pem)
    command = [
        "openssl",
        "verify",
        "-x509_strict",
        "-purpose",
        "smimesign",
        "-attime",
        str(int(AT.timestamp())),
    ]
    command += ["-CAfile", "root.pem", "-untrusted", "issuing.pem", "leaf.pem"]
    return _timed(lambda: subprocess.run(command, cwd=folder, check=True, capture_output=True), 20)


def _timed(what: Callable[[], object], times: int = 300) -> float:
    """The median milliseconds of one call."""
    what()
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        what()
        taken.append((time.perf_counter() - begin) * 1000)
    return statistics.median(taken)


if __name__ == "__main__":
    for line in figures():
        print(line)
