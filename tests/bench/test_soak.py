"""A soak says whether each submission was graded once, with full marks, in memory that does not grow."""

import json
import os
import signal

import pytest

from tools.bench import soak
from tools.bench.grade import Run


def grade(out, names, score=1, time=1):
    """Write results as a run does that grades these students."""
    out.mkdir(exist_ok=True)
    for name in names:
        path = out / f"{name}.json"
        path.write_text(json.dumps({"score": score, "points": 1}), encoding="utf-8")
        os.utime(path, (time, time))


HELD = {"flat": [(1, 100), (2, 110)], "growing": [(1, 100), (2, 130)]}
RUNS = {
    "all is well": (["ab", "c", ""], 1, "flat", "nothing was lost; nothing was graded twice"),
    "one is missing": (["ab", "", ""], 1, "flat", "SOMETHING WAS LOST"),
    "marks are missing": (["ab", "c", ""], 0, "flat", "SOMETHING WAS LOST"),
    "graded twice when taken up": (["ab", "bc", ""], 1, "flat", "SOMETHING WAS GRADED TWICE"),
    "graded once more at the end": (["ab", "c", "a"], 1, "flat", "SOMETHING WAS GRADED TWICE"),
    "memory grows": (["ab", "c", ""], 1, "growing", "nothing was lost; nothing was graded twice"),
}


@pytest.mark.parametrize("what", RUNS)
def test_what_is_lost_graded_twice_or_grows_is_told(what, tmp_path, monkeypatch, capsys):
    runs, score, held, words = RUNS[what]
    left = iter(enumerate(runs))

    def measure(submissions, out, watch=None, ends=0):
        number, names = next(left)
        assert ends == (0 if number else -signal.SIGKILL)
        grade(out, names, score, time=number)
        if watch:
            watch.held += HELD[held]
        return Run(1.0, 1.0, 10**8, "")

    monkeypatch.setattr(soak, "hand_in", lambda folder, count: folder)
    monkeypatch.setattr(soak, "measure_grade", measure)
    assert soak.grade_large_class(tmp_path, 3) == (what == "all is well")
    assert words in capsys.readouterr().out


def test_a_worker_is_killed_after_a_third_and_the_grader_after_two(tmp_path, monkeypatch):
    killed = []

    class Process:
        def __init__(self, pid):
            self.pid = pid

        def children(self):
            return [Process(8), Process(9)]

        def cmdline(self):
            return ["python", "-c", "resource_tracker" if self.pid == 8 else "spawn_main(1)"]

        def kill(self):
            killed.append(self.pid)

    monkeypatch.setattr("psutil.Process", Process)
    killer = soak.Killer(tmp_path, 6)
    for names, so_far in (("", []), ("a", []), ("ab", [9]), ("abc", [9]), ("abcd", [9, 7])):
        grade(tmp_path, names)
        killer(7, 100 + len(names))
        assert killed == so_far
    assert killer.held[-1] == (4, 104) and soak.find_peaks(killer.held) == [102, 104]
