"""Give chapters to a class without their answers: an archive for all and, with a roster, a token for each."""

import functools
import hashlib
import hmac
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import Refusal, owned, verb_parser, writing
from tools.course.option import add_course, say_course, shorten_path
from tools.course.ranges import list_begins
from tools.environment import ROOT
from tools.imports import digest_files, list_files, list_needed

DESCRIPTION = """\
Make dist/: an archive with the exercise notebooks of some chapters, and seqgrad without the functions of
these chapters and of all later ones. With a roster each student also gets a token, a small file that opens
numbers of their own in the archive. Which these are comes from a secret of the course, which stays on this
machine. A second call makes only what is missing or has changed. With --site there are also pages on which
anybody can run the exercises in a browser, the same for all."""

EXAMPLE = """\
example:
  python3 -m tools release --chapters 4,5
  python3 -m tools release --chapters 4,5 --roster roster.csv
  python3 -m tools release --chapters 4,5 --gradescope     also what Gradescope grades with
  python3 -m tools release --chapters 4,5 --site           also pages on which the exercises run

roster.csv has a column `id` and, if you like, `name`; a gradebook exported from Canvas will do."""

SETS, MOST_SETS = 32, 1000


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
    secret, sets = find_secret(options), options.sets if options.roster else 0
    common = digest_release(root, plan)
    archive, extra = (options.out / f"{plan.folder}{end}" for end in (".zip", "-gradescope.zip"))
    comment = digest_archive(common, secret, sets)
    is_new = bundle.read_comment(archive) != comment
    tokens, new = options.out / plan.folder, 0
    try:
        refuse_others_files(options.out, [archive, *[tokens] * bool(students), *[extra] * options.gradescope])
        if is_new:
            make_archive(root, plan, archive, comment, secret, sets)
        if students:
            new = write_tokens(tokens, students, secret, plan, root, sets)
        said = label.format_label(plan, students, common, numbers.name_secret(secret), sets)
        writing.write(options.out / label.NAME, said)
    except OSError as error:
        path = error.filename or options.out
        raise Refusal(f"The release cannot be written: {path}: {error.strerror}.") from error
    print(f"{shorten_path(archive)} is for all, and {'was made' if is_new else 'has not changed'}.")
    if students:
        place = shorten_path(tokens)
        print(f"{new} of {len(students)} tokens were new or changed; they are in {place}.")
    for chapter, functions in notebooks.find_omissions(root, plan).items():
        names = ", ".join(functions)
        print(f"Left out of {chapter}: demonstrations with lines of {names}, which are to be written.")
    if options.gradescope:
        gradescope.write_autograder(root, plan, students, secret, sets, extra, options.unsafe)
        print(f"Wrote {shorten_path(extra)}: it holds the answers, and is for Gradescope alone.")
    if options.site:
        pages = options.out / f"{plan.folder}-site"
        make_site(plan.numbers, pages)
        print(f"Wrote {shorten_path(pages)}: the exercises as pages; put them on any web server.")
    what = "give the archive to all, and to each student their token" if students else "give it out"
    print(f"Next: {what}; then python3 -m tools grade submissions/ --out results/{say_course(root)}")
    return 0


def parse_options(arguments):
    """Return the options."""
    parser = verb_parser("release", DESCRIPTION, EXAMPLE)
    parser.add_argument(
        "--chapters", metavar="2-5", required=True, type=list_begins, help="which, as 4,5 or 2-5"
    )
    parser.add_argument("--roster", metavar="FILE", type=Path, help="a CSV file: a token for each student")
    parser.add_argument(
        "--sets",
        metavar="N",
        type=int,
        default=SETS,
        help="from how many sets of each exercise a student's numbers are one (%(default)s)",
    )
    parser.add_argument("--secret", metavar="FILE", type=Path, help="by default course-secret, in the course")
    parser.add_argument("--out", metavar="FOLDER", type=Path, help="by default dist/, in the course")
    add_course(parser)
    parser.add_argument("--gradescope", action="store_true", help="also make an autograder for Gradescope")
    parser.add_argument(
        "--unsafe",
        action="store_true",
        help="let that autograder do without a sandbox if none can be made",
    )
    parser.add_argument(
        "--site", action="store_true", help="also make pages on which the exercises run in a browser"
    )
    options = parser.parse_args(arguments)
    if options.site and options.course != ROOT:
        parser.error("--site is for the chapters of seqgrad alone, not for those of --course")
    options.secret = options.secret or options.course / "course-secret"
    options.out = options.out or options.course / "dist"
    if not 1 <= options.sets <= MOST_SETS:
        parser.error(f"--sets {options.sets}: a number from 1 to {MOST_SETS} is needed")
    if options.unsafe and not options.gradescope:
        parser.error("--unsafe is about the autograder: add --gradescope")
    return options


def make_site(numbers, folder):
    """Have `site`, the verb that knows how to make pages, make those of a release into a folder."""
    command = [sys.executable, "-m", "tools", "site", "--release", ",".join(numbers)]
    if subprocess.run([*command, "--out", str(folder.resolve())], cwd=ROOT).returncode:
        raise Refusal("The archives are whole; the pages were not made, for the reason above.")


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


def digest_archive(common, secret, sets):
    """Return a digest of all that an archive depends on, by which a second call knows it."""
    if not sets:
        return common
    return hmac.new(secret, f"archive {common} {sets}".encode(), hashlib.sha256).hexdigest()


def write_tokens(folder, students, secret, plan, root, sets):
    """Write the tokens that are missing or have changed; return how many these are."""
    from tools.bar import follow
    from tools.release import notebooks
    from tools.release.sets import find_tests, list_kinds, make_token
    from tools.students.files import file_name

    kinds = list_kinds(plan.exercises, find_tests(notebooks.make_notebooks(root, plan, own=True)))
    return sum(
        writing.write(
            folder / file_name(student.id, ".token"),
            make_token(secret, student.id, kinds, sets),
            durable=False,
        )
        for student in follow(students, unit=" tokens", leave=False)
    )


def make_archive(root, plan, path, comment="", secret=None, sets=0):
    """Make the archive of a release, and refuse to if anything in it gives an answer away.

    With so many sets of numbers in it, students have some of their own.
    """
    from seqgrad.check.running import wire
    from tools.release import bundle, notebooks, package, verify
    from tools.release.sets import MOST, lock_sets

    def look(held):
        verify.refuse_answers({f"a set of {held['exercise']}": wire.encode(held, MOST)}, *secrets)

    secrets = collect_secrets(root, plan.withheld)
    made = notebooks.make_notebooks(root, plan, own=bool(sets))
    with tempfile.TemporaryDirectory() as folder:
        package.write_package(Path(folder), plan.withheld, plan.exercises, root)
        if sets:
            locked = wire.encode(lock_sets(plan, made, secret, sets, look), MOST)
            (Path(folder) / "seqgrad" / "data" / "sets.bin").write_bytes(locked)
        found = bundle.collect_files(root, plan, made, Path(folder), own=bool(sets))
    verify.refuse_answers(leave_out_public(found, root), *secrets)
    owned.mark(path.parent, "release")
    bundle.write_archive(path, plan.folder, found, comment)


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

    return verify.list_hidden(root, withheld), set()
