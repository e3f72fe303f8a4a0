"""`make bench`: how fast it is, side by side in one run, ratios first. A measurement, never a test.

The picture of the road's results is written to tests/bench.svg.
"""

import asyncio
import os
import platform
import sys
from pathlib import Path

from tests import bench_checks, bench_recognition
from tests.bench_road import measure
from tests.bench_road_picture import picture
from tests.bench_road_told import lines

PICTURE = Path(__file__).with_suffix(".svg")


def main() -> None:
    """Measures all and prints it, about four minutes; progress goes to stderr."""
    road = asyncio.run(measure())
    for line in lines(road):
        print(line, flush=True)
    cores = os.cpu_count() or 1
    others = "" if road.others is None else f"others used {road.others:.0%} of them meanwhile; "
    machine = (
        f"{cores} core{'s' if cores > 1 else ''} for the apps, PostgreSQL, the local Slack and its people; "
        f"{others}Python {platform.python_version()}"
    )
    PICTURE.write_text(picture(road, machine), encoding="utf-8")
    print("  recognition and certificate checks …", file=sys.stderr, flush=True)
    for line in (*bench_recognition.figures(), *bench_checks.figures()):
        print(line, flush=True)


if __name__ == "__main__":
    main()
