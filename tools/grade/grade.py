"""Grade what the students handed in: a result for each of them, on all cores or on a cluster."""

import difflib
import functools
import sys
from pathlib import Path

from tools import Refusal, environment, verb_parser
from tools.course.option import add_course, say_course
from tools.course.ranges import list_begins

DESCRIPTION = """\
Mark every submission in a folder or a zip, each in a sandbox of its own, and write results/<student>.json as
soon as it is finished. A second call marks what is new or has changed and nothing else, so that it can be
stopped at any time. What is to be graded stands in dist/release.json, or is said by --chapters."""

EXAMPLE = """\
example:
  python3 -m tools grade submissions/ --out results/
  python3 -m tools grade submissions.zip --out results/ --chapters 4,5
  python3 -m tools grade submissions/ --out results/ --student ada
  python3 -m tools grade submissions/ --out results/ --exercise lstm_forward
  python3 -m tools grade submissions/ --out results/ --scheduler tls://127.0.0.1:8786
  python3 -m tools grade --make-keys cluster-keys/    and say how a cluster with these keys is started"""

UNSAFE = (
    "--unsafe: what was handed in runs without a sandbox, as you. It can read, change and send whatever you "
    "can, and its marks are as trustworthy as it is."
)
LISTED = 20  # changes that are shown
SANDBOXES = ("bubblewrap", "wasm")
CORES = environment.count_cores()
AGAIN = "What is finished stays, and the same command goes on with the rest."
HEADINGS = {
    "already there": "already there",
    "graded": "graded",
    "with notes": "  with notes for the student",
    "raised": "  with a function that raises",
    "unreadable": "  without any of the exercises",
    "not graded": "not graded, as said above",
}


def main(arguments):
    """Grade; return the exit code."""
    options = parse_options(arguments)
    if options.make_keys:
        from tools.grade.keys import make_keys

        print(make_keys(options.make_keys))
        return 0
    environment.prepare_kernels()  # one submission, one core
    from tools.grade.batch import grade
    from tools.grade.collect import collect
    from tools.grade.store import Store

    if options.out.resolve().is_relative_to(options.submissions.resolve()):
        raise Refusal(f"{options.out} lies among the submissions: choose another --out.")
    submissions, grader, store = collect(options.submissions), make_grader(options), Store(options.out)
    if not options.regrade:
        refuse_others(store, grader, options)
    if left := store.list_left(submission.student for submission in submissions):
        print(say_without_submission(left, options.out))
    if options.student:
        submissions = choose_students(submissions, options.student)
    if options.exercise:
        refuse_exercises(grader, options.exercise)
        refuse_unmarked(submissions, store)
    if options.unsafe:
        print(UNSAFE)
    elif options.scheduler is None:
        prepare_sandbox(options.sandbox)
    try:
        again, only = options.regrade or bool(options.student or options.exercise), options.exercise
        tally, changes = grade(submissions, grader, store, choose_engine(options, grader), again, only)
    except Refusal as refusal:
        raise Refusal(f"{refusal} {AGAIN}") from refusal
    except OSError as error:
        path = error.filename or options.out
        raise Refusal(f"{path} cannot be written: {error.strerror}. {AGAIN}") from error
    except KeyboardInterrupt:
        print(f"\nStopped. {AGAIN}", file=sys.stderr)
        return 130
    print(summarise_run(tally))
    if changes or again:
        print(tabulate_changes(changes))
    print(f"Next: python3 -m tools gradebook {options.out}{say_course(options.course)}")
    return 1 if tally["not graded"] else 0


def parse_options(arguments):
    """Return the options."""
    parser = verb_parser("grade", DESCRIPTION, EXAMPLE)
    parser.add_argument(
        "submissions", type=Path, nargs="?", help="a folder or a zip: by student, or with ids in the names"
    )
    add = functools.partial(parser.add_argument, metavar="FOLDER", type=Path)
    add("--out", default=Path("results"), help="where the results go (%(default)s/)")
    add("--release", help="what `release` has made (dist/)")
    add("--secret", metavar="FILE", help="the course's (course-secret)")
    add_course(parser)
    parser.add_argument(
        "--chapters", metavar="2-5", type=list_begins, help="what was released, without dist/release.json"
    )
    parser.add_argument("--scheduler", metavar="ADDRESS", help="mark on the Dask cluster with this scheduler")
    add("--keys", default=Path("cluster-keys"), help="where the keys of the cluster are (%(default)s/)")
    add("--make-keys", help="make keys for a new cluster there, and nothing else")
    parser.add_argument(
        "--unencrypted",
        action="store_true",
        help="take a cluster without keys, whose workers, anybody who reaches it, read the secret",
    )
    parser.add_argument(
        "--jobs",
        type=int,
        metavar="N",
        default=CORES,
        help="how many at once (%(default)s)",
    )
    parser.add_argument("--seconds", type=float, metavar="S", help="how long a function may compute")
    parser.add_argument("--regrade", action="store_true", help="mark also what has a result")
    parser.add_argument(
        "--student", metavar="ID", action="append", help="mark this one alone, once more; can be repeated"
    )
    parser.add_argument(
        "--exercise",
        metavar="NAME",
        action="append",
        default=[],
        help="mark this one alone, once more; can be repeated",
    )
    parser.add_argument(
        "--sandbox",
        choices=SANDBOXES,
        default=SANDBOXES[not sys.platform.startswith("linux")],
        help="what shuts submissions in: bubblewrap is for Linux alone (%(default)s)",
    )
    parser.add_argument("--unsafe", action="store_true", help="do without a sandbox, for code that you trust")
    options = parser.parse_args(arguments)
    options.release = options.release or options.course / "dist"
    options.secret = options.secret or options.course / "course-secret"
    if not (options.submissions or options.make_keys):
        parser.error("a folder or a zip with submissions is needed")
    if options.jobs < 1:
        parser.error(f"--jobs {options.jobs}: at least one is needed")
    if options.seconds is not None and not 0 < options.seconds < 3600:
        parser.error(f"--seconds {options.seconds}: a number between 0 and 3600 is needed")
    return options


def prepare_sandbox(kind):
    """Install what a sandbox is made with, if it is not here."""
    from tools import bubblewrap
    from tools.grade import webassembly
    from tools.grade.box import BUBBLEWRAP

    bubblewrap.find() if kind == BUBBLEWRAP else webassembly.prepare()


def make_grader(options):
    """Return the `Grader` for what was released."""
    from tools.course.folder import refuse_fixed_calls
    from tools.grade.box import NOTHING
    from tools.grade.mark import Grader
    from tools.release import label, notebooks

    release = label.read_label(options.release)
    chapters = options.chapters or (release and release.chapters)
    if not chapters:
        path = options.release / label.NAME
        raise Refusal(f"There is no {path}: say what was released, as in --chapters 4,5.")
    plan = notebooks.plan_release(options.course, chapters)
    refuse_fixed_calls(options.course, [exercise.name for exercise in plan.exercises])
    if release and not options.chapters and release.title not in ("", plan.title):
        raise Refusal(
            f"{options.release} was made of {release.title}, and this is {plan.title}: name the folder of "
            "that course by --course FOLDER."
        )
    return Grader(
        title=plan.title,
        exercises=plan.exercises,
        withheld=plan.withheld,
        secret=find_secret(release, options),
        students=release and release.students,
        sets=release.sets if release else 0,
        sandbox=NOTHING if options.unsafe else options.sandbox,
        course=plan.course,
        **({"seconds": options.seconds} if options.seconds else {}),
    )


def find_secret(release, options):
    """Return the secret that a release was made with; never another one, nor a new one."""
    from tools.students import numbers

    path = options.secret
    made_with = f"{options.release} was made with the secret {release.secret}" if release else ""
    if not path.exists():
        way = f"{made_with}, so give its file" if made_with else "`release` draws one, or give its file"
        raise Refusal(f"There is no secret in {path}, and marks come from it: {way} by --secret FILE.")
    secret = numbers.read_secret(path)
    if release and release.secret not in ("", numbers.name_secret(secret)):
        raise Refusal(
            f"{path} holds the secret {numbers.name_secret(secret)}, but {made_with}: give the file "
            "of that one by --secret FILE."
        )
    return secret


def refuse_others(store, grader, options):
    """Refuse to mark another assignment, or with another secret, than the results that are there already."""
    title, known = next(store.list_origins(), ("", ""))
    if title not in ("", grader.title):
        raise Refusal(
            f"{options.out} holds results of {title}, and this is {grader.title}: choose another --out; with "
            "--regrade they are replaced."
        )
    if known not in ("", grader.fingerprint):
        raise Refusal(
            f"{options.out} holds results that were marked with the secret {known}, but {options.secret} "
            f"holds {grader.fingerprint}: give the file of that one by --secret FILE, or another --out; with "
            "--regrade all are marked anew."
        )


def choose_students(submissions, ids):
    """Return the submissions of some students, by their ids."""
    from tools.students.roster import fold

    by_id = {fold(submission.student): submission for submission in submissions}
    for id in ids:
        if fold(id) not in by_id:
            near = difflib.get_close_matches(fold(id), by_id, 1)
            hint = f"; did you mean {by_id[near[0]].student}?" if near else "."
            raise Refusal(f"--student {id}: none of {len(by_id)} submissions is of {id}{hint}")
    return [by_id[id] for id in dict.fromkeys(map(fold, ids))]


def refuse_exercises(grader, names):
    """Refuse the name of an exercise that is not of what was released."""
    known = [exercise.name for exercise in grader.exercises]
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"; did you mean {near[0]}?" if near else f"; there is {', '.join(known)}."
            raise Refusal(f"--exercise {name}: {grader.title} has no such exercise{hint}")


def refuse_unmarked(submissions, store):
    """Refuse to mark an exercise of submissions whose other exercises have no marks."""
    unmarked = [one.student for one in submissions if not store.has(one.student, one.digest())]
    if unmarked:
        listed = ", ".join(unmarked[:3]) + f" and {len(unmarked) - 3} more" * (len(unmarked) > 3)
        raise Refusal(
            f"--exercise: what {listed} handed in is new or has changed; call without --exercise "
            "first, so that all of it has marks."
        )


def say_without_submission(names, folder):
    """Return the sentence about results whose submission is not there any more."""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return (
        f"{folder} holds results without a submission, which was withdrawn or renamed: {', '.join(names[:3])}"
        f"{more}. They are kept, and `gradebook` counts them: remove those that should not count."
    )


def choose_engine(options, grader):
    """Return what marks submissions: ``engine(submissions)`` yields them, each with its result."""
    from tools.grade.box import WEBASSEMBLY
    from tools.grade.cluster import mark_on_cluster
    from tools.grade.engine import PATIENCE, mark_locally
    from tools.grade.mark import make_package, mark
    from tools.grade.view import make_view

    def here(submissions):
        shown = make_package(grader.course, grader.withheld)  # one for all processes
        if grader.sandbox != WEBASSEMBLY:
            shown = make_view(shown, grader.unsafe)
        patience = PATIENCE + 4 * len(grader.exercises) * (grader.seconds + 10)  # each is run a few times
        work = functools.partial(mark, grader, shown=shown, only=options.exercise)
        return mark_locally(work, submissions, options.jobs, patience)

    def there(submissions):
        keys = None if options.unencrypted else options.keys
        work = functools.partial(mark, grader, only=options.exercise)
        return mark_on_cluster(work, submissions, options.scheduler, keys)

    return here if options.scheduler is None else there


def tabulate_changes(changes):
    """Return the table of scores that have changed since the last run."""
    if not changes:
        return "  No score has changed."
    shown = changes[:LISTED]
    width = max(20, *(len(one.student) for one in shown))
    lines = [f"  {'what has changed':{width}} {'exercise':30}{'before':>8}{'now':>8}"]
    lines += [f"  {one.student:{width}} {one.exercise:30}{one.before:8g}{one.after:8g}" for one in shown]
    left = len(changes) - LISTED
    return "\n".join(lines + [f"  and {left} more"] * (left > 0))


def summarise_run(tally):
    """Return the table that ends a run."""
    return "\n".join(f"  {heading:36}{tally[key]:7}" for key, heading in HEADINGS.items() if tally[key])
