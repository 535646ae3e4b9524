"""The option by which a verb is about a course in a folder of somebody's own: ``--course FOLDER``."""

from pathlib import Path

from tools.environment import ROOT


def add_course(parser):
    """Let a verb take ``--course FOLDER``; what is parsed is its root, by default the project's."""
    what = "a course of your own, in this folder"
    parser.add_argument("--course", metavar="FOLDER", type=read_course, default=ROOT, help=what)


def say_course(root):
    """Return the option as a command has it that is about the course of a root; "" for the project's own."""
    below = root.is_relative_to(Path.cwd())
    return "" if root == ROOT else f" --course {root.relative_to(Path.cwd()) if below else root}"


def read_course(folder):
    """Return the root of a course, as `tools.course.folder` does, which needs more than Python alone."""
    from tools.course import folder as home

    return home.read_course(folder)
