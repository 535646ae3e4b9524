"""Long work says how far it is, whether or not somebody can see a bar."""

import io
import re
import sys
import time

from tools.bar import follow


def test_progress_without_a_terminal_is_a_line_now_and_then(monkeypatch, capsys):
    clock = iter(range(0, 1000, 7))
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert list(follow(iter("abcd"), 4)) == list("abcd")
    assert re.fullmatch(r"(\d of 4, 0\.1 a second, about \d+ s to go\n)+", capsys.readouterr().out)
