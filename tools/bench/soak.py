"""Grade a large class, while a worker is killed on the way and later the grader itself.

    submissions  ->  grade, which is killed  ->  grade, to the end  ->  grade, with nothing left to do

Each submission has to be graded once, with full marks, and the memory may not grow with their number.
"""

import signal
import tempfile
from pathlib import Path

from tools.bench.grade import check_results, hand_in, measure_grade, print_heading, print_row

FLAT = 1.2  # times the memory of the first half of the killed run that the second may take


class Killer:
    """Looks at a run of `grade`, kills a worker after a third of the class, and the grader after two thirds.

    Attributes
    ----------
    held : list of (int, int)
        How many results there were at each look, and how many bytes the processes held.
    """

    def __init__(self, out, count):
        self.out, self.count, self.worker, self.held = out, count, None, []

    def __call__(self, process, held):
        """Keep what the processes hold, and kill what is to be killed by now."""
        import psutil

        done = sum(1 for _ in self.out.glob("*.json"))
        self.held.append((done, held))
        grader = psutil.Process(process)
        if not self.worker and 3 * done >= self.count:
            workers = [one for one in grader.children() if "spawn_main" in " ".join(one.cmdline())]
            self.worker = workers[0].pid
            workers[0].kill()
            print(f"  a worker was killed when {done} results were there", flush=True)
        elif 3 * done >= 2 * self.count:
            grader.kill()
            print(f"  the grader was killed when {done} results were there", flush=True)


def main(count):
    """Grade a class of so many; return whether nothing was lost, and nothing was done twice."""
    with tempfile.TemporaryDirectory() as folder:
        return grade_large_class(Path(folder), count)


def grade_large_class(folder, count):
    """Print what a large class takes; return whether each submission was graded once, in bounded memory."""
    submissions, out = hand_in(folder / "submissions", count), folder / "results"
    print_heading(f"{count} correct submissions")
    killer = Killer(out, count)
    first = measure_grade(submissions, out, watch=killer, ends=-signal.SIGKILL)
    before = list_times(out)
    print_row("until the grader is killed", first, len(before))
    second = measure_grade(submissions, out)
    print_row("taken up again", second, count - len(before))
    after, right = list_times(out), check_results(out, count)
    print_row("nothing left to do", measure_grade(submissions, out), count)
    once = before.items() <= after.items() and after == list_times(out)
    early, late = find_peaks(killer.held)
    flat = late <= FLAT * early
    print(
        f"  {'nothing was lost' if right else 'SOMETHING WAS LOST'}; "
        f"{'nothing was graded twice' if once else 'SOMETHING WAS GRADED TWICE'}; "
        f"{early / 1e6:.0f} MB in the first half of the killed run, {late / 1e6:.0f} MB in the second, "
        f"goal {FLAT} times\n"
    )
    return right and once and flat


def list_times(out):
    """Return when each result was written, by its name."""
    return {path.name: path.stat().st_mtime_ns for path in out.glob("*.json")}


def find_peaks(held):
    """Return the most bytes that were held in the first half of the results, and in the second."""
    most = max(done for done, _ in held)
    halves = [[size for done, size in held if (2 * done > most) == second] for second in (False, True)]
    return [max(half) for half in halves]
