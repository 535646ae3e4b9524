"""Run every notebook: store what the solutions print, and see that the exercises run through."""

import time

from tools import environment, verb_parser
from tools.course.option import add_course, say_course

DESCRIPTION = """\
Build what is out of date, run every solution and store its outputs, and run every exercise as it stands: it
has to reach the bottom, and the check of each exercise has to say `not attempted`. As many notebooks run at
once as there are cores."""

EXAMPLE = """\
example:
  python3 -m tools validate
  python3 -m tools validate 03 05    these chapters alone"""


def main(arguments):
    """Validate the notebooks; return the exit code."""
    parser = verb_parser("validate", DESCRIPTION, EXAMPLE)
    parser.add_argument("chapters", metavar="CHAPTER", nargs="*", help="how its file begins; by default all")
    parser.add_argument("--timeout", type=int, default=600, help="seconds that a cell may take (%(default)s)")
    add_course(parser)
    options = parser.parse_args(arguments)
    root = options.course

    from tools.course import build, kernels, navigation, pairs

    environment.prepare_kernels()
    build.build(root)
    names = pairs.list_chapters(root)
    if options.chapters:
        names = [pairs.find_chapter(begin, root) for begin in options.chapters]
    # The last chapters train networks and take longest, so they begin first.
    folders = [root / "notebooks" / variant for variant in ("solutions", "exercises")]
    paths = [folder / f"{name}.ipynb" for name in reversed(names) for folder in folders]
    if not options.chapters:
        paths.append(root / "notebooks" / "exercises" / f"{navigation.START}.ipynb")

    began = time.perf_counter()
    problems = kernels.run_all(paths, options.timeout, root)
    for problem in problems:
        print(problem)
    took = f"{len(paths)} notebooks in {time.perf_counter() - began:.0f} s"
    if problems:
        print(f"{took}, problems: {len(problems)}. Next: mend them in notebooks/source, and validate again.")
    else:
        print(f"{took}, all of them right. Next: python3 -m tools test{say_course(root)}")
    return 1 if problems else 0
