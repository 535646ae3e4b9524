"""Measure `release`: an archive for each student, as one would do it without tokens, beside tokens for all.

The first is what a release was: for each student all of it is made once more, with one set of numbers in it.
"""

import sys
import tempfile
from pathlib import Path

from tools.bench.grade import CHAPTERS, measure_command
from tools.environment import ROOT
from tools.students import numbers

CLASS = 30_000
ARCHIVES = 4  # students for whom a whole archive is made
BYTES, RATE = 30_000, 200  # of a student, at most; students a second, at least
MEMORY = 1000  # bytes of memory for each student more, at most: the roster

# Makes an archive for each of so many students.
WHOLE = """
import sys
from pathlib import Path
from tools.bench.release import CHAPTERS, ROOT, numbers
from tools.release.notebooks import plan_release
from tools.release.release import make_archive
folder, secret, count = sys.argv[1:]
for number in range(int(count)):
    path = Path(folder) / f"{number}.zip"
    make_archive(ROOT, plan_release(ROOT, CHAPTERS), path, "", numbers.read_secret(Path(secret)), 1)
"""


def main(options):
    """Print the figures of both ways; return whether the goals are met."""
    count = options.sample or CLASS
    headings = ("students/s", "CPU s each", "bytes each", "bytes once", "peak MB")
    print(f"{'a release of ' + ' and '.join(CHAPTERS):32}" + "".join(f"{word:>12}" for word in headings))
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        numbers.draw_secret(place / "secret")
        begun = make_release(place, 1)
        again = make_release(place, 1)
        measure_archives(place)
        _, _, tenth = measure_tokens(place, max(1, count // 10), again)
        rate, size, peak = measure_tokens(place, count, again)
    print(f"  the archive for all, once: {begun.seconds - again.seconds:.0f} s")
    grown = (peak - tenth) / max(1, count - count // 10)
    print(f"  memory for each student more: {grown:.0f} bytes")
    met = rate >= RATE and size <= BYTES and grown <= MEMORY
    wanted = f"{RATE} students a second, {BYTES} bytes each, {MEMORY} bytes of memory for each"
    print(f"  goals: {wanted}: {'met' if met else 'MISSED'}\n")
    return met


def measure_archives(place):
    """Print what an archive for each of a few students takes, beside what is worked out once."""
    command = [sys.executable, "-c", WHOLE, str(place / "whole"), str(place / "secret")]
    once, more = (measure_command([*command, str(count)], ROOT) for count in (1, 1 + ARCHIVES))
    size = max(path.stat().st_size for path in (place / "whole").glob("*.zip"))
    seconds, cpu = (more.seconds - once.seconds) / ARCHIVES, (more.cpu - once.cpu) / ARCHIVES
    print_row("an archive each", 1 / seconds, cpu, size, 0, more.bytes)


def make_release(place, count):
    """Run the verb for a class of so many; return the `Run`."""
    roster = place / "roster.csv"
    roster.write_text("id\n" + "".join(f"student-{i:05}\n" for i in range(count)), encoding="utf-8")
    command = [sys.executable, "-m", "tools", "release", "--chapters", ",".join(CHAPTERS)]
    command += ["--roster", str(roster), "--secret", str(place / "secret"), "--out", str(place / "dist")]
    return measure_command(command, ROOT)


def measure_tokens(place, count, again):
    """Print what tokens for a class take, beside a call that makes nothing; return rate, bytes and peak."""
    for path in place.glob("dist/*/*.token"):
        path.unlink()
    run = make_release(place, count)
    size = max(path.stat().st_size for path in place.glob("dist/*/*.token"))
    once = sum(path.stat().st_size for path in place.glob("dist/*.zip"))
    rate, cpu = count / max(run.seconds - again.seconds, 1e-3), max(run.cpu - again.cpu, 0) / count
    print_row(f"an archive, {count} tokens", rate, cpu, size, once, run.bytes)
    return rate, size, run.bytes


def print_row(name, rate, cpu, size, once, peak):
    """Print a line of the table."""
    print(f"  {name:30}{rate:12.1f}{cpu:12.5f}{size:12,}{once:12,}{peak / 1e6:12.0f}", flush=True)
