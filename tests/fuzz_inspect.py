"""`python -m tests.fuzz_inspect --seconds 60`: no file that coverage leads to makes `inspect` fail or hang.

A measurement with limits, not a test: every exception, every file that takes more than a second of the
processor, and more than 200 MB beyond the start end it with 1 and the offending file. 2: no fuzzer is here.
`python -m tests.fuzz_inspect FILE…` looks at such files again. The seeds' keys are new in every run, so
that two runs with one `--seed` are alike, and not the same.
"""

import argparse
import importlib
import importlib.util
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

MOST_SECONDS, MOST_MEGABYTES = 1.0, 200.0
"""What one file may take of the processor, and the whole run of memory beyond its start."""

LONGEST = 8 * 1024
"""Bytes of a file. Of larger ones few could be tried; those that cost much have tests of their own."""

HANGING_SECONDS = 30
"""After this the fuzzer stops at a file. Coverage costs time too: the limit itself is measured without it."""

SLOWEST = "slowest"
_STATISTICS = re.compile(r"stat::(\w+):\s+(\d+)")
_COVERAGE = re.compile(r"cov: (\d+) ft: (\d+) corp: (\d+)")


class TooMuchMemory(Exception):
    """The process has grown beyond the limit."""


def main(arguments: list[str]) -> int:
    """Fuzzes, or looks at files again. 0: all is well, 1: an offence was found, 2: there is no fuzzer."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz_inspect", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="looked at again, and no fuzzing")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1, help="of the mutations")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()), help="for offending files")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)  # this very program, instrumented
    asked = parser.parse_args(arguments)
    if asked.files:
        return max(_again(file) for file in asked.files)
    if importlib.util.find_spec("atheris") is None:
        print("No fuzzing: atheris is not installed (it exists for Linux on x86-64 alone).", file=sys.stderr)
        return 2
    if asked.inside:
        _fuzz(asked.inside, asked.seconds, asked.seed)  # ends the process
    return _run(asked.seconds, asked.seed, asked.keep)


def _run(seconds: int, seed: int, keep: Path) -> int:
    """Fuzzes in a process of its own, which the fuzzer ends, and judges what it left behind."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [sys.executable, "-m", "tests.fuzz_inspect", "--inside", name]
        options = ["--seconds", str(seconds), "--seed", str(seed)]
        ended = subprocess.run([*command, *options], capture_output=True, text=True, errors="replace")
        told = ended.stdout + ended.stderr
        statistics = dict(_STATISTICS.findall(told))
        coverage, features, corpus = (_COVERAGE.findall(told) or [("0", "0", "0")])[-1]
        print(
            f"{statistics.get('number_of_executed_units', '0')} files in {seconds} s, "
            f"{statistics.get('average_exec_per_sec', '0')} a second; "
            f"{coverage} places reached in {features} ways by {corpus} files; "
            f"{statistics.get('peak_rss_mb', '?')} MB"
        )
        offending = [file for file in folder.iterdir() if re.match(r"(crash|timeout|oom)-", file.name)]
        if ended.returncode or offending:
            print(ended.stdout[-3000:], ended.stderr[-3000:], file=sys.stderr)
            for file in offending:
                print(f"offending: {_kept(file, keep)}", file=sys.stderr)
            return 1
        slowest = folder / SLOWEST
        if not slowest.exists():
            print("Nothing was fuzzed.", file=sys.stderr)
            return 1
        if _again(slowest):
            print(f"offending: {_kept(slowest, keep)}", file=sys.stderr)
            return 1
    return 0


def _kept(file: Path, keep: Path) -> Path:
    """Where an offending file lies from now on, in hexadecimal, so that no mail filter minds it."""
    data = file.read_bytes()
    keep.mkdir(parents=True, exist_ok=True)
    target = keep / f"inspect-{file.name}.hex"
    target.write_text(data.hex())
    return target


def _again(file: Path) -> int:
    """Looks at one file without the fuzzer; what it takes. An exception goes on to who asked."""
    from tests.fuzz_seeds import look_at

    data = bytes.fromhex(file.read_text()) if file.suffix == ".hex" else file.read_bytes()
    start = time.process_time()
    look_at(data)
    took = time.process_time() - start
    print(f"slowest: {len(data):,} bytes in {took * 1000:.0f} ms")
    return int(took > MOST_SECONDS)


def _fuzz(folder: Path, seconds: int, seed: int) -> None:
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["checks"]):
        from tests.fuzz_mutations import mutated
        from tests.fuzz_seeds import TOKENS, look_at, seeds

    corpus = folder / "corpus"
    corpus.mkdir()
    for number, data in enumerate(seeds()):
        (corpus / str(number)).write_bytes(data)
    words = ("".join(f"\\x{byte:02x}" for byte in token) for token in TOKENS)
    (folder / "dictionary").write_text("".join(f'"{word}"\n' for word in words))

    for data in seeds():
        look_at(data)  # what is loaded late belongs to the start
    before = _megabytes()
    slowest = 0.0

    def changed(data: bytes, most: int, number: int) -> bytes:
        new = mutated(data, Random(number), lambda part: bytes(atheris.Mutate(part, len(part) + 64)))
        return new if len(new) <= most else bytes(atheris.Mutate(data, most))

    def look_at_one(data: bytes) -> None:
        nonlocal slowest
        start = time.process_time()
        look_at(data)
        took = time.process_time() - start
        if took > slowest:
            slowest = took
            (folder / SLOWEST).write_bytes(data)
        if _megabytes() - before > MOST_MEGABYTES:
            raise TooMuchMemory

    options = {
        "max_total_time": seconds,
        "seed": seed,
        "max_len": LONGEST,
        "timeout": HANGING_SECONDS,
        "dict": folder / "dictionary",
        "artifact_prefix": f"{folder}/",
        "print_final_stats": 1,
    }
    given = [f"-{option}={value}" for option, value in options.items()]
    atheris.Setup([sys.argv[0], *given, str(corpus)], look_at_one, custom_mutator=changed)
    atheris.Fuzz()


def _megabytes() -> float:
    """The most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
