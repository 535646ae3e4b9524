"""Turn results into a gradebook: tables, a page for each student, an overview of the class."""

from pathlib import Path

from tools import Refusal, verb_parser
from tools.course.option import add_course

DESCRIPTION = """\
Read the results of `grade` and write gradebook.csv, Gradescope's results.json for each student, and an
overview of the class: a list of the students, which mistakes were made and how often, who did not run, which
functions are the same. With --roster the list has names. With --canvas it has them, too, and there is also
canvas.csv, which Canvas imports, from the roster that Canvas exported. With --html also a page for each
student that says what is wrong, and why. With --overrides marks by hand take the place of the grader's. What
the course has decided about deadlines and partial credit stands in gradebook.toml, in its folder."""

EXAMPLE = """\
example:
  python3 -m tools gradebook results/
  python3 -m tools gradebook results/ --html feedback/ --roster roster.csv
  python3 -m tools gradebook results/ --canvas roster.csv --assignment "Recurrent networks"
  python3 -m tools gradebook results/ --overrides overrides.csv
"""


def main(arguments):
    """Write what was asked for and print the overview; return the exit code."""
    parser = verb_parser("gradebook", DESCRIPTION, EXAMPLE)
    parser.add_argument("results", type=Path, help="the folder that `grade` has filled")
    parser.add_argument("--canvas", type=Path, metavar="ROSTER", help="the gradebook as Canvas exports it")
    parser.add_argument("--roster", type=Path, metavar="FILE", help="ids and names, as release takes it")
    parser.add_argument("--assignment", metavar="NAME", help="what the assignment is called there, or its id")
    parser.add_argument(
        "--overrides",
        type=Path,
        metavar="FILE",
        help="student,exercise,points,delta,comment,remark: points or a delta, by hand",
    )
    parser.add_argument(
        "--settings", type=Path, metavar="FILE", help="deadline, late rules, rule for credit (gradebook.toml)"
    )
    parser.add_argument("--html", type=Path, metavar="FOLDER", help="where to put the students' pages")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FOLDER",
        default=Path("gradebook"),
        help="where to put the rest (%(default)s/)",
    )
    add_course(parser)
    options = parser.parse_args(arguments)

    from tools.gradebook import publish
    from tools.gradebook.settings import NAME, Settings, read_settings

    file = options.settings or options.course / NAME
    settings = read_settings(file) if options.settings or file.exists() else Settings()

    try:
        told = publish.publish(
            options.results,
            options.out,
            options.html,
            options.canvas,
            options.assignment,
            options.roster,
            options.overrides,
            settings,
        )
    except OSError as error:
        raise Refusal(f"{error.filename or options.out} cannot be written: {error.strerror}.") from error
    print(told)
    return 0
