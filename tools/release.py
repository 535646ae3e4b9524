"""Give chapters to a class without their answers: an archive for all, or one for each student."""

import argparse
import contextlib
import functools
import hashlib
import json
import os
import signal
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass
from pathlib import Path

from tools import Refusal, verb_parser
from tools.environment import ROOT

DESCRIPTION = """\
Make dist/: the exercise notebooks of some chapters, and seqgrad without the functions of these chapters and
of all later ones. With a roster each student gets an archive with numbers of their own; they are drawn from a
secret of the course, which stays on this machine. A second call makes only what is missing or has changed."""

EXAMPLE = """\
example:
  python3 -m tools release --chapters 4,5
  python3 -m tools release --chapters 4,5 --roster roster.csv
  python3 -m tools release --chapters 4,5 --gradescope     also what Gradescope grades with

roster.csv has a column `id` and, if you like, `name`; a gradebook exported from Canvas will do."""

NEWS_SECONDS = 10  # between two lines about the progress where no bar can be drawn


@dataclass(frozen=True)
class Job:
    """One archive to make: where, of what, and the numbers that are drawn for its student."""

    path: Path
    comment: str
    seed: int | None = None
    salt: int | None = None


def main(arguments):
    """Release; return the exit code."""
    parser = verb_parser("release", DESCRIPTION, EXAMPLE)
    parser.add_argument("--chapters", metavar="4,5", required=True, type=numbers, help="which chapters")
    parser.add_argument("--roster", metavar="FILE", type=Path, help="a CSV file: an archive for each student")
    parser.add_argument(
        "--secret", metavar="FILE", type=Path, default=ROOT / "course-secret", help="of the course"
    )
    parser.add_argument("--out", metavar="FOLDER", type=Path, default=ROOT / "dist", help="by default dist/")
    parser.add_argument("--gradescope", action="store_true", help="also make an autograder for Gradescope")
    options = parser.parse_args(arguments)

    from tools import pairs
    from tools.releasing import bundle, notebooks, roster

    if options.secret.resolve().is_relative_to(options.out.resolve()):
        raise Refusal(
            f"The secret {options.secret} lies in {options.out}, which is given out; keep it elsewhere."
        )
    plan = notebooks.plan(ROOT, options.chapters)
    students = roster.read_roster(options.roster) if options.roster else None
    secret = roster.read_secret(options.secret) if students or options.gradescope else None
    common = digest(ROOT, plan)
    jobs = planned(plan, students, secret, common, options.out)
    new = [job for job in jobs if bundle.comment(job.path) != job.comment]
    try:
        make_all(ROOT, plan, new)
        pairs.write(options.out / "release.json", label(plan, students, common))
    except OSError as error:
        raise Refusal(f"The release cannot be written: {error}.") from error
    except BrokenProcessPool as error:
        raise Refusal(
            "The system ended a process that made archives; call again, whole ones stay."
        ) from error
    print(f"{len(new)} of {len(jobs)} archives were new or changed; they are in {near(jobs[0].path.parent)}.")
    if options.gradescope:
        from tools.releasing import gradescope

        path = gradescope.write(ROOT, plan, students, secret, options.out)
        print(f"Wrote {near(path)}: it holds the answers, and is for Gradescope alone.")
    print("Next: give them out; then python3 -m tools grade submissions/ --out results/")
    return 0


def near(path):
    """Return how a path is said: from the folder where we are, if it lies below it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def numbers(text):
    """Return what the names of chapters begin with: ``4,05_lstm`` is 04 and 05_lstm."""
    found = [part.strip() for part in text.split(",")]
    if not all(found):
        raise argparse.ArgumentTypeError(f"`{text}` is no list of chapters such as 4,5")
    return [part.zfill(2) if part.isdigit() else part for part in found]


def digest(root, plan):
    """Return a digest of everything that a release is made from, but for the numbers drawn for a student."""
    import numpy as np

    from tools.releasing.bundle import SHIPPED

    made_from = ("seqgrad", "notebooks/source", "notebooks/figures", "tools/release.py", "tools/releasing")
    paths = [root / name for name in (*made_from, *SHIPPED)]
    paths += [inner for path in paths for inner in path.rglob("*")]
    known = hashlib.sha256(repr((plan, np.__version__)).encode())
    for path in sorted(paths):
        if path.is_file() and "__pycache__" not in path.parts:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            known.update(f"{path.relative_to(root).as_posix()} {content}\n".encode())
    return known.hexdigest()


def planned(plan, students, secret, common, out):
    """Return a job for each archive; its comment is a digest of all that it depends on."""
    from tools.grading.collect import file_name
    from tools.releasing import roster

    if students is None:
        return [Job(out / f"{plan.folder}.zip", common)]
    jobs = []
    for student in students:
        drawn = roster.draw_seed(secret, student.id), roster.check_salt(secret, student.id)
        comment = hashlib.sha256(f"{common} {drawn}".encode()).hexdigest()
        jobs.append(Job(out / plan.folder / file_name(student.id, ".zip"), comment, *drawn))
    return jobs


def label(plan, students, common):
    """Return the text of release.json: what was released, and to whom; nothing of the numbers."""
    who = None if students is None else [student.id for student in students]
    said = {
        "title": plan.title,
        "chapters": list(plan.numbers),
        "exercises": [asdict(exercise) for exercise in plan.exercises],
        "points": sum(exercise.points for exercise in plan.exercises),
        "students": who,
        "digest": hashlib.sha256(json.dumps([common, who]).encode()).hexdigest(),
    }
    return json.dumps(said, indent=1, ensure_ascii=False) + "\n"


def make_all(root, plan, jobs):
    """Make archives, on all cores if there are several; Ctrl-C leaves whole ones, and none half made."""
    one = functools.partial(make, root, plan)
    first, rest = jobs[:1], jobs[1:]
    for job in first:  # alone: where processes are forked, what it has worked out serves all others
        one(job)
    if not rest:
        return
    with ProcessPoolExecutor(min(os.cpu_count(), len(rest)), initializer=ignore_interrupts) as pool:
        try:
            with uninterrupted():  # the processes begin here
                waiting = [pool.submit(one, job) for job in rest]
            for done in watched(as_completed(waiting), len(rest)):
                done.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


@contextlib.contextmanager
def uninterrupted():
    """Let Ctrl-C wait until this is over; processes that begin meanwhile are never told of it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def ignore_interrupts():
    """Leave Ctrl-C to the process that waits for this one; what is begun is made to its end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def watched(made, total):
    """Yield what is made, with a progress bar; where no bar can be drawn, with a line now and then."""
    from tqdm import tqdm

    began = said = time.monotonic()
    for count, one in enumerate(tqdm(made, total=total, unit="archive", disable=None), 1):
        yield one
        if not sys.stderr.isatty() and time.monotonic() - said > NEWS_SECONDS:
            said = time.monotonic()
            print(f"{count} of {total} archives in {said - began:.0f} s", flush=True)


def make(root, plan, job):
    """Make one archive, and refuse to if anything in it gives an answer away."""
    from tools.releasing import bundle, notebooks, package, verify

    made = notebooks.released(root, plan, job.seed)
    with tempfile.TemporaryDirectory() as folder:
        package.write_package(Path(folder), plan.withheld, plan.exercises, made, job.salt, root)
        found = bundle.files(root, plan, made, Path(folder))
    verify.refuse_answers(found, *looked_for(root, plan.withheld))
    bundle.archive(job.path, plan.folder, found, job.comment)


@functools.cache
def looked_for(root, withheld):
    """Return what must not stand in a release, and the set of the files that are known to be clean."""
    from tools.releasing import verify

    return verify.secrets(verify.sources(root), withheld), set()
