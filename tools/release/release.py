"""Give chapters to a class without their answers: an archive for all, or one for each student."""

import contextlib
import functools
import hashlib
import os
import signal
import tempfile
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from tools import Refusal, owned, verb_parser, writing
from tools.course.option import add_course, say_course, shorten_path
from tools.course.ranges import list_begins
from tools.environment import ROOT
from tools.imports import digest_files, list_files, list_needed

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


@dataclass(frozen=True)
class Job:
    """One archive to make: where, of what, and the numbers that are drawn for its student."""

    path: Path
    comment: str
    seed: int | None = None
    salt: int | None = None


def main(arguments):
    """Release; return the exit code."""
    options = parse_options(arguments)
    root = options.course

    from tools.course.folder import refuse_fixed_calls
    from tools.release import bundle, gradescope, label, notebooks
    from tools.students import numbers

    if options.secret.resolve().is_relative_to(options.out.resolve()):
        raise Refusal(
            f"The secret {options.secret} lies in {options.out}, which is given out; keep it elsewhere."
        )
    plan = notebooks.plan_release(root, options.chapters)
    refuse_fixed_calls(root, [exercise.name for exercise in plan.exercises])
    students = list_students(options.roster) if options.roster else None
    secret = find_secret(options)
    common = digest_release(root, plan)
    jobs = plan_jobs(plan, students, secret, common, options.out)
    extra = options.out / f"{plan.folder}-gradescope.zip"
    new = [job for job in jobs if bundle.read_comment(job.path) != job.comment]
    try:
        refuse_others_files(options.out, [*(job.path for job in jobs), *[extra] * options.gradescope])
        make_all(root, plan, new, options.out)
        owned.mark(options.out, "release")
        said = label.format_label(plan, students, common, numbers.name_secret(secret))
        writing.write(options.out / label.NAME, said)
    except OSError as error:
        path = error.filename or options.out
        raise Refusal(f"The release cannot be written: {path}: {error.strerror}.") from error
    except BrokenProcessPool as error:
        raise Refusal(
            "The system ended a process that made archives; call again, whole ones stay."
        ) from error
    place = shorten_path(jobs[0].path.parent)
    print(f"{len(new)} of {len(jobs)} archives were new or changed; they are in {place}.")
    for chapter, functions in notebooks.find_omissions(root, plan).items():
        names = ", ".join(functions)
        print(f"Left out of {chapter}: demonstrations with lines of {names}, which are to be written.")
    if options.gradescope:
        gradescope.write_autograder(root, plan, students, secret, extra, options.unsafe)
        print(f"Wrote {shorten_path(extra)}: it holds the answers, and is for Gradescope alone.")
    grade = f"python3 -m tools grade submissions/ --out results/{say_course(root)}"
    print(f"Next: give them out; then {grade}")
    return 0


def parse_options(arguments):
    """Return the options."""
    parser = verb_parser("release", DESCRIPTION, EXAMPLE)
    parser.add_argument(
        "--chapters", metavar="2-5", required=True, type=list_begins, help="which, as 4,5 or 2-5"
    )
    parser.add_argument("--roster", metavar="FILE", type=Path, help="a CSV file: an archive for each student")
    parser.add_argument("--secret", metavar="FILE", type=Path, help="by default course-secret, in the course")
    parser.add_argument("--out", metavar="FOLDER", type=Path, help="by default dist/, in the course")
    add_course(parser)
    parser.add_argument("--gradescope", action="store_true", help="also make an autograder for Gradescope")
    parser.add_argument(
        "--unsafe",
        action="store_true",
        help="let that autograder do without a sandbox if none can be made",
    )
    options = parser.parse_args(arguments)
    options.secret = options.secret or options.course / "course-secret"
    options.out = options.out or options.course / "dist"
    if options.unsafe and not options.gradescope:
        parser.error("--unsafe is about the autograder: add --gradescope")
    return options


def list_students(path):
    """Return the students of a roster; say what of it had to be guessed."""
    from tools.students.roster import read_roster

    roster = read_roster(path)
    if not roster.students:
        raise Refusal(f"{path.name} names no student: below its header it has no line with an id.")
    print(*roster.remarks, sep="\n", end="\n" * bool(roster.remarks))
    return roster.students


def find_secret(options):
    """Return the course's secret; it is drawn for the first release, and later ones have the same."""
    from tools.release import label
    from tools.students import numbers

    known = label.read_label(options.out)
    if not (known and known.secret):
        numbers.draw_secret(options.secret)
    secret = numbers.read_secret(options.secret) if options.secret.exists() else None
    fingerprint = secret and numbers.name_secret(secret)
    if known and known.secret not in ("", fingerprint):
        there = f"holds the secret {fingerprint}" if secret else "is not there"
        raise Refusal(
            f"{options.out} was made with the secret {known.secret}, but {options.secret} {there}: give the "
            "file of that one by --secret FILE, or another folder by --out."
        )
    return secret


def refuse_others_files(out, paths):
    """Refuse to replace what we did not release; older versions left release.json as their only mark."""
    from tools.release import label

    if label.read_label(out) is None:
        names = [path.relative_to(out).as_posix() for path in paths]
        owned.check(out, "release", [label.NAME, *names])


def digest_release(root, plan):
    """Return a digest of everything that a release is made from, but for the numbers drawn for a student."""
    import numpy as np

    from tools.course.folder import list_course_files
    from tools.course.navigation import list_pages
    from tools.release.bundle import list_shipped

    folders = [root / "notebooks" / name for name in ("source", "figures", *list_pages(root).values())]
    ours = list_files(ROOT / "seqgrad", *list_shipped()) + list_needed(ROOT, "tools.release.release")
    theirs = list_files(*filter(Path.exists, folders)) + list_course_files(root)
    return digest_files(root, theirs, plan, np.__version__, digest_files(ROOT, ours))


def plan_jobs(plan, students, secret, common, out):
    """Return a job for each archive; its comment is a digest of all that it depends on."""
    from tools.students import numbers
    from tools.students.files import file_name

    if students is None:
        return [Job(out / f"{plan.folder}.zip", common)]
    jobs = []
    for student in students:
        drawn = numbers.draw_seed(secret, student.id), numbers.check_salt(secret, student.id)
        comment = hashlib.sha256(f"{common} {drawn}".encode()).hexdigest()
        jobs.append(Job(out / plan.folder / file_name(student.id, ".zip"), comment, *drawn))
    return jobs


def make_all(root, plan, jobs, out):
    """Make archives, on all cores if there are several; Ctrl-C leaves whole ones, and none half made."""
    from tools.bar import follow

    one = functools.partial(make_archive, root, plan, out)
    first, rest = jobs[:1], jobs[1:]
    for job in first:  # alone: where processes are forked, what it has worked out serves all others
        one(job)
    if not rest:
        return
    with ProcessPoolExecutor(min(os.cpu_count(), len(rest)), initializer=ignore_interrupts) as pool:
        try:
            with delay_interrupts():  # the processes begin here
                waiting = [pool.submit(one, job) for job in rest]
            for done in follow(as_completed(waiting), len(rest), unit=" archives"):
                done.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


@contextlib.contextmanager
def delay_interrupts():
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


def make_archive(root, plan, out, job):
    """Make one archive in a folder, and refuse to if anything in it gives an answer away."""
    from tools.release import bundle, notebooks, package, verify

    made = notebooks.make_notebooks(root, plan, job.seed)
    with tempfile.TemporaryDirectory() as folder:
        package.write_package(Path(folder), plan.withheld, plan.exercises, made, job.salt, root)
        found = bundle.collect_files(root, plan, made, Path(folder))
    verify.refuse_answers(leave_out_public(found, root), *collect_secrets(root, plan.withheld))
    owned.mark(out, "release")
    bundle.write_archive(job.path, plan.folder, found, job.comment)


def leave_out_public(files, root):
    """Return the files in which an answer may stand: in a course of somebody else's not seqgrad's own.

    Those are as everybody has them, so that a line which a function shares with them is no secret.
    """
    if root == ROOT:
        return files
    own = {name: ROOT / name for name in files}
    return {
        name: data
        for name, data in files.items()
        if not (own[name].is_file() and own[name].read_bytes() == data)
    }


@functools.cache
def collect_secrets(root, withheld):
    """Return what must not stand in a release, and the set of the files that are known to be clean."""
    from tools.release import verify

    return verify.list_secrets(verify.read_sources(root), withheld), set()
