"""What a chapter uses of Jupyter, in a browser that has no Jupyter: `display`, sliders, a bar of progress.

`install` puts modules with these names where an import finds them.
"""

import sys
import time
import types

from showing import display, numbers, send

SLIDERS = "application/vnd.seqgrad.sliders+json"  # which the page turns into what it stands for
OFTEN = 0.1  # seconds between two messages about a bar

sliders = {}  # by the number that the page knows


class FloatSlider:
    """A number that the reader moves."""

    def __init__(self, value=0.0, min=0.0, max=1.0, step=0.1, description="", **_):
        self.value, self.min, self.max, self.step = map(float, (value, min, max, step))
        self.description, self.callbacks, self.number = description, [], next(numbers)
        sliders[self.number] = self

    def observe(self, callback, names=None):
        """Call this with each new value."""
        self.callbacks.append(callback)

    def describe(self):
        """Return what the page has to know."""
        names = ("number", "description", "value", "min", "max", "step")
        return {name: getattr(self, name) for name in names}


def move(number, value):
    """Give a slider a value."""
    slider = sliders[number]
    slider.value = float(value)
    for callback in slider.callbacks:
        callback({"new": value, "owner": slider})


class HTML:
    """Words below sliders, which change with them."""

    def __init__(self, value=""):
        self.number, self.text = next(numbers), value

    @property
    def value(self):
        """The words, as HTML."""
        return self.text

    @value.setter
    def value(self, text):  # noqa: D102 - of the property above
        self.text = text
        send(replace={"number": self.number, "html": text})

    def describe(self):
        """Return what the page has to know."""
        return {"number": self.number, "html": self.text}


class VBox:
    """Sliders, and what stands below them."""

    def __init__(self, children):
        self.children = children

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {SLIDERS: [child.describe() for child in self.children]}


class Bar:
    """What counts: an iterable, or calls of `update`."""

    def __init__(self, iterable=None, desc="", total=None, **_):
        if total is None and hasattr(iterable, "__len__"):
            total = len(iterable)
        self.iterable, self.desc, self.total, self.n = iterable, desc, total, 0
        self.number, self.began, self.last = next(numbers), time.monotonic(), 0.0
        self.show()

    def __iter__(self):
        """Yield the items, and count them."""
        for item in self.iterable:
            yield item
            self.update()
        self.show()

    def __enter__(self):
        """Count within a block."""
        return self

    def __exit__(self, *_):
        """Show the last count."""
        self.show()

    def update(self, n=1):
        """Count."""
        self.n += n
        if self.n == self.total or time.monotonic() - self.last > OFTEN:
            self.show()

    def set_description(self, desc="", refresh=True):
        """Give it other words."""
        self.desc = desc

    def close(self):
        """Show the last count."""
        self.show()

    def show(self):
        """Send how far it is."""
        self.last = time.monotonic()
        took = self.last - self.began
        words = [self.desc, str(self.n), f"of {self.total}" if self.total else "", f"in {took:.0f} s"]
        if self.n and self.total and self.n < self.total:
            words.append(f"about {took * (self.total - self.n) / self.n:.0f} s to go")
        words = ", ".join([" ".join(filter(None, words[:3])), *words[3:]])
        send(bar={"number": self.number, "n": self.n, "total": self.total, "words": words})


def make_module(name, **held):
    """Put a module of this name, with what it holds, where an import finds it."""
    module = sys.modules[name] = types.ModuleType(name)
    vars(module).update(held)
    return module


def install(history):
    """Put the modules in their places; `history` is the list of the cells that have been run."""
    shell = types.SimpleNamespace(
        history_manager=types.SimpleNamespace(input_hist_raw=history),
        transform_cell=lambda source: source,
        events=types.SimpleNamespace(register=lambda *_: None),  # for matplotlib
    )
    inner = make_module("IPython.display", display=display)
    whole = make_module("IPython", display=inner, get_ipython=lambda: shell, version_info=(9, 0))
    whole.__path__ = []
    make_module("ipywidgets", FloatSlider=FloatSlider, HTML=HTML, VBox=VBox)
    counting = {"tqdm": Bar, "trange": lambda *given, **kinds: Bar(range(*given), **kinds)}
    for name in ("tqdm", "tqdm.auto", "tqdm.notebook"):
        make_module(name, **counting).__path__ = []
