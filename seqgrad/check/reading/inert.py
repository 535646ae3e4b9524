"""Stand-ins for what shows, speeds up, counts or tests, and is not there: nothing is shown, code runs on.

    a name such as `matplotlib.pyplot`, and no such module here  ->  a module whose parts do nothing

Students draw, print with `display` and count with tqdm inside a function; a mark is about what it returns.
"""

import importlib.machinery
import re
import sys
import types

import seqgrad

BARS = ("tqdm", "tqdm_notebook", "track")
SAME = ("jit", "njit", "vectorize", "guvectorize", "stencil")  # numba's: a function stays itself
SHOWING = {"matplotlib", "pylab", "seaborn", "plotly", "IPython", "ipywidgets", "google", "tqdm", "rich"}
STOOD_FOR = SHOWING | {"numba"}
PARTS_OF_NUMPY = ("numpy.f2py",)  # which `from numpy import *` asks for

# The modules that assignments put beside their notebooks: rnn_utils, public_tests, testCases_v2, ...
BESIDE = re.compile(
    r"(\w+_)?(utils?|tests?|test_?cases?|helpers?|grader\w*|solutions?|outputs)(_?v?\d+[a-z]?)?",
    re.IGNORECASE,
)
STAR = re.compile(r"from (\w+) import \*")
GIVEN = ("seqgrad.activations", "seqgrad.optimize")  # where seqgrad has what they define
HELPERS = tuple(name for name, value in vars(seqgrad).items() if getattr(value, "__module__", "") in GIVEN)


class Inert:
    """What may be called, indexed, entered, unpacked into two, and changed, and does nothing."""

    def __call__(self, *_, **__):
        """Return itself."""
        return self

    def __getattr__(self, name):
        """Return itself for any name that Python does not use for purposes of its own."""
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    __getitem__ = __enter__ = __call__

    def __iter__(self):
        """Yield two of it, as in ``figure, axes = plt.subplots()``."""
        return iter((self, self))

    def __len__(self):
        """Return how many it yields."""
        return 2

    def __exit__(self, *_):
        """Let an exception pass."""

    def __setitem__(self, *_):
        """Keep nothing."""

    __setattr__ = __delattr__ = __delitem__ = __setitem__


class Bar(Inert):
    """A progress bar without a bar: what it goes through is all that is left of it."""

    def __init__(self, steps=(), *_, **__):
        vars(self)["steps"] = steps

    @staticmethod
    def write(*_, **__):
        """Write nothing, also where it is the class that is asked, as in ``tqdm.write``."""

    def __iter__(self):
        """Yield the steps."""
        return iter(self.steps)

    def __len__(self):
        """Return how many steps there are."""
        return len(self.steps)


def count_through(*numbers, **_):
    """Return a bar over a range, as `tqdm.trange` does."""
    return Bar(range(*numbers))


def keep(function=None, *_, **__):
    """Return a function as it is, or what returns it so, as a decorator with arguments."""
    return function if callable(function) else lambda own: own


class Module(types.ModuleType):
    """A module in which each name stands for what does nothing."""

    __path__ = ()

    def __getattr__(self, name):
        """Return the stand-in for a part."""
        if name.startswith("__"):
            raise AttributeError(name)
        if name == "prange":
            return range
        whole = {"trange": count_through, **dict.fromkeys(BARS, Bar), **dict.fromkeys(SAME, keep)}
        return whole.get(name, Inert())


class Beside(Module):
    """A module of an assignment's that is not there: its helpers are seqgrad's, and its tests do nothing."""

    __all__ = HELPERS

    def __getattr__(self, name):
        """Return seqgrad's function of that name, or what does nothing."""
        return getattr(seqgrad, name, None) or super().__getattr__(name)


def is_beside(name):
    """Tell whether a module is of those that lie beside an assignment's notebook."""
    return bool(BESIDE.fullmatch(name.partition(".")[0]))


def list_given(text):
    """Return the names that ``from rnn_utils import *`` gives where no such module is; () for other texts."""
    module = STAR.fullmatch(text)
    return HELPERS if module and is_beside(module[1]) and "test" not in module[1].lower() else ()


class Finder:
    """Finds a stand-in for those modules, behind all that find the modules themselves."""

    @staticmethod
    def find_spec(name, *_):
        """Return how a module is made, if it is one of those."""
        if name.partition(".")[0] in STOOD_FOR or name in PARTS_OF_NUMPY or is_beside(name):
            return importlib.machinery.ModuleSpec(name, Finder, is_package=True)
        return None

    @staticmethod
    def create_module(spec):
        """Return the module."""
        return Beside(spec.name) if is_beside(spec.name) else Module(spec.name)

    @staticmethod
    def exec_module(module):
        """Leave the module as it is."""


def install():
    """Let imports that find nothing find a stand-in, in this process."""
    if Finder not in sys.meta_path:
        sys.meta_path.append(Finder)


def uninstall():
    """Forget the stand-ins again."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if finder is not Finder]
    for name in [name for name, module in sys.modules.items() if isinstance(module, Module)]:
        del sys.modules[name]
