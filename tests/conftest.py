"""What all tests share."""

import signal

import pytest
from hypothesis import settings

# The same examples every time, and as long for each of them as a busy machine takes.
settings.register_profile("whole", derandomize=True, deadline=None, max_examples=50)
settings.register_profile("sample", settings.get_profile("whole"), max_examples=15)

# What a shell runs in the background ignores Ctrl-C, and so would all that the tests begin and interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_configure(config):
    """Try fewer examples of a law where the exhaustive sets are left out."""
    settings.load_profile("sample" if config.option.markexpr == "not exhaustive" else "whole")


@pytest.fixture(scope="session")
def package(tmp_path_factory):
    """Return a folder with a package that has no function of the course."""
    from seqgrad.check.exercises import list_exercises
    from tools.release.package import write_package

    folder = tmp_path_factory.mktemp("package")
    write_package(folder, tuple(exercise.name for exercise in list_exercises()))
    return folder


@pytest.fixture(scope="session")
def shown(package):
    """Return the folder that a box shows: Python, NumPy, and the package.

    Where no box can be opened, the test is skipped.
    """
    from tools import Refusal
    from tools.grade.engine import take_slot
    from tools.grade.slot import Slot
    from tools.grade.view import make_view

    try:
        folder = make_view(package, False)
        Slot(folder, take_slot()).close()
    except Refusal as refusal:
        pytest.skip(str(refusal))
    return folder
