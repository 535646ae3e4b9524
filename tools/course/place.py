"""Where the folder of a course lies, and what the course is called after it."""

from seqgrad.check.course import OURS, find_course
from tools import Refusal
from tools.environment import ROOT

OWN = OURS[0]  # what the project's own course is called


def list_sources(root):
    """Return the files of the source chapters, in order."""
    return sorted((root / "notebooks" / "source").glob("*.py"))


def name_course(root):
    """Return what a course is called: as its folder."""
    return OWN if root == ROOT else root.name


def locate_course(name):
    """Return the root of the course of a name; it is the project's own, or the one on Python's path."""
    found = [root for root in (ROOT, find_course()) if root and name_course(root) == name]
    if not found:
        raise Refusal(f"The folder of the course {name} is not on PYTHONPATH here.")
    return found[0]
