"""What a cell shows leaves Python as messages to the page: printed text, values, and how far a bar has come.

text, values  ->  {"printed"}, {"display"}, {"bar"}, ...  ->  the page
"""

import base64
import io
import itertools
import json
import pprint
import sys
import time

import _host

MOST = 200_000  # characters that a cell may print
OFTEN = 0.05  # seconds between two messages of the same kind
FORMS = {  # the methods by which a value shows itself
    "_repr_html_": "text/html",
    "_repr_svg_": "image/svg+xml",
    "_repr_png_": "image/png",
}
CONTAINERS = (dict, list, set, tuple)

numbers = itertools.count(1)  # of what is changed after it was shown


def send(**message):
    """Send a message to the page."""
    _host.call(json.dumps(message).encode())


class Printed(io.TextIOBase):
    """A text file: what is written to it goes to the page, up to so many characters for each cell."""

    def __init__(self, name):
        self.name, self.waiting, self.left, self.last = name, "", MOST, 0.0

    def write(self, text):
        """Take a text; send it at once if the last message was long enough ago."""
        self.waiting += text
        if time.monotonic() - self.last > OFTEN or len(self.waiting) > MOST:
            self.flush()
        return len(text)

    def flush(self):
        """Send what waits."""
        text, self.waiting, self.last = self.waiting[: self.left], "", time.monotonic()
        if not text:
            return
        self.left -= len(text)
        send(printed={"name": self.name, "text": text})
        if not self.left:
            send(printed={"name": self.name, "text": f"\n[Only {MOST} characters are shown.]\n"})


def display(*values, display_id=None, **_):
    """Show values; with a `display_id` return what can show another value in the place of the last one."""
    sys.stdout.flush()
    sys.stderr.flush()
    number = None
    for value in values:
        number = next(numbers)
        send(display={"number": number} | make_bundle(value))
    return Place(number) if display_id else None


class Place:
    """Where a value is shown that may be replaced."""

    def __init__(self, number):
        self.number = number

    def update(self, value):
        """Show a value here."""
        send(display={"number": self.number} | make_bundle(value))


def make_bundle(value):
    """Return a value in all its forms, by their MIME types, and what is to be said of them."""
    data, about = {}, {}
    if hasattr(value, "_repr_mimebundle_"):
        bundle = value._repr_mimebundle_()
        data, about = bundle if isinstance(bundle, tuple) else (bundle, {})
    for method, form in FORMS.items():
        shown = getattr(value, method)() if hasattr(type(value), method) and form not in data else None
        if shown is not None:
            data = data | {form: encode(shown)}
    if hasattr(value, "savefig"):
        data = data | {"image/png": encode(draw(value))}
    plain = pprint.pformat(value, sort_dicts=False) if type(value) in CONTAINERS else repr(value)
    return {"data": {"text/plain": plain} | data, "metadata": about}


def encode(shown):
    """Return text as it is, and bytes as base64."""
    return base64.b64encode(shown).decode() if isinstance(shown, bytes) else shown


def draw(figure):
    """Return a figure of matplotlib as PNG."""
    file = io.BytesIO()
    figure.savefig(file, format="png", bbox_inches="tight", metadata={"Software": None})
    return file.getvalue()
