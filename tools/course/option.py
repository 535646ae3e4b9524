"""The option by which a verb is about a course in a folder of somebody's own: ``--course FOLDER``."""

import os

from tools.environment import ROOT


def add_course(parser):
    """Let a verb take ``--course FOLDER``; what is parsed is its root, by default the project's."""
    what = "a course of your own, in this folder"
    parser.add_argument("--course", metavar="FOLDER", type=read_course, default=ROOT, help=what)


def say_course(root):
    """Return the option as a command has it that is about the course of a root; "" for the project's own."""
    return "" if root == ROOT else f" --course {shorten_path(root)}"


def shorten_path(path):
    """Return how a path is said: from the folder where we are, if that is shorter."""
    try:
        return min(os.path.relpath(path), str(path), key=len)
    except ValueError:  # on Windows, where it lies on another disk
        return str(path)


def read_course(folder):
    """Return the root of a course, as `tools.course.folder` does, which needs more than Python alone."""
    from tools.course import folder as home

    return home.read_course(folder)
