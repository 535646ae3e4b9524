"""The version of the grader: what marks depend on beside the submission and the release.

    tools.grade.mark  ->  all that it imports; what boxes hold; Python; NumPy  ->  a digest

A result of another version is out of date, and a machine with another version may not mark.
"""

import functools
import sys

import numpy as np

from seqgrad.check.course import find_course
from tools.environment import ROOT
from tools.imports import digest_files, list_files, list_needed


@functools.cache
def find_version():
    """Return the version of the grader that runs, and of the course on the path that it grades."""
    own, course = digest_grader(ROOT), find_course()
    if course is None:
        return own
    from tools.course.folder import list_course_files  # which needs what reads chapters

    return digest_files(course, list_course_files(course), own)


def digest_grader(root):
    """Return a digest of the grader in a folder, as this Python with this NumPy would run it."""
    paths = list_needed(root, "tools.grade.mark", "tools.grade.wasm.guest")
    paths += list_files(root / "seqgrad", root / "tools" / "grade" / "webassembly.lock")
    return digest_files(root, paths, sys.version_info[:2], np.__version__)
