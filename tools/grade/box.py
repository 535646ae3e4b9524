"""A box: where a submission runs and can touch nothing.

    package, pieces  -->  Box  -->  what could be loaded; the results of calls

Its walls are bubblewrap's (bubble.py) or WebAssembly's (wasm/): no network, no file but Python, NumPy and
the released package, all of it read-only, and an empty scratch space.  Each run of a function has a world of
its own, which ends with it: nothing of one run is there in the next.

What comes out are bounded messages in the format of `check.running.wire`: what a student's process claims
of itself.  Expected results never go in; right helpers answer from here.
"""

from dataclasses import dataclass

from seqgrad.check.reading.spaces import MAIN
from seqgrad.check.running import wire
from seqgrad.check.running.data import Result
from seqgrad.check.running.limit import CLOCK, TIMES
from seqgrad.check.running.survive import GONE
from tools import Refusal
from tools.grade import webassembly
from tools.grade.claims import LOST, OPEN, BoxEnded, read_look, read_result, tame
from tools.grade.oracle import shorten_texts

BUBBLEWRAP, WEBASSEMBLY, NOTHING = KINDS = "bubblewrap", "wasm", "nothing"  # what shuts a submission in


@dataclass(frozen=True)
class Limits:
    """What a submission may take.

    Attributes
    ----------
    load, seconds : float
        Of computing: for loading it, and for all calls of one run.
    clock : float
        How many times as long both may take on the clock, which is the last resort: a machine may be busy.
    memory, file, scratch : int
        Bytes: of one process, of one file, of all files.
    processes, files : int
        How many at a time; all processes together have at most `processes` times `memory`.
    sent, noise : int
        Bytes: of what a run sends, and of what is kept of its standard error.
    """

    load: float = 3.0
    seconds: float = 3.0
    clock: float = CLOCK
    memory: int = 1 << 30
    file: int = 16 << 20
    scratch: int = 16 << 20
    processes: int = 16
    files: int = 64
    sent: int = 64 << 20
    noise: int = 64 << 10

    def inside(self):
        """Return them as the process in the box has them."""
        sizes = {"AS": self.memory, "FSIZE": self.file, "NOFILE": self.files, "NPROC": self.processes}
        seconds = int(self.load + self.seconds) + 2
        return {"load": self.load, "scratch": self.scratch, "resources": sizes | {"CPU": seconds, "CORE": 0}}


LIMITS = Limits()
REQUESTS = {}  # calls, held so that their ids stay theirs, and the request for them


class Box:
    """The box of one submission, as a context: what is loaded in it, and what its functions give.

    Parameters
    ----------
    package : Path
        A folder that holds a `seqgrad` package without answers, or a view of one.
    pieces : iterable of (str, str)
        What to execute, in order, one alone after the other: the place, and the text.
    names : iterable of str
        The functions that are looked for, exercises and helpers.
    limits : Limits
    slot : int
        A number that nobody else on this machine uses now.
    kind : str
        One of `KINDS`: what shuts the submission in.
    homes : dict, optional
        The space of each function, where a piece names a space of its own in the third place.
    hidden : dict, optional
        For functions the numbers of the pieces that are left out when they run.

    Attributes
    ----------
    problems : list of (str, Error)
        The pieces that could not be executed, by their places.
    about : dict
        For each name that stands for a function what is known of it.
    noise : dict
        For each name what was written to the standard error as `run` first ran it, loading included.
    """

    def __init__(
        self, package, pieces, names, limits=LIMITS, slot=0, kind=BUBBLEWRAP, homes=None, hidden=None
    ):
        self.pieces, self.names, self.limits = [(*piece, MAIN)[:3] for piece in pieces], tuple(names), limits
        self.homes = dict.fromkeys(names, MAIN) | (homes or {})
        self.hidden = hidden or {}
        self.walls = build_walls(kind, package, self.pieces, limits, slot)
        self.skip, self.answered, self.waiting = [], {}, {}
        self.problems, self.about, self.noise = [], {}, {}

    def __enter__(self):
        """Load the submission."""
        try:
            self.load()
        except BaseException:
            self.walls.close()
            raise
        return self

    def __exit__(self, *_):
        """End the box; where it is a slot for many submissions, that stays open for the next."""
        self.walls.close()

    def load(self):
        """Load the submission and look at its functions, those together that need the same pieces."""
        errors, groups = {}, {}
        for name in self.names:
            groups.setdefault(tuple(self.hidden.get(name, ())), []).append(name)
        for hidden, names in groups.items():
            for number, error in self.look_at(names, hidden).items():
                errors.setdefault(number, error)
        late = {number for number, error in errors.items() if error.kind in TIMES}
        self.skip = sorted({*self.skip, *late})
        self.problems += [
            (self.pieces[number][0], shorten_texts(errors[number])) for number in sorted(errors)
        ]

    def look_at(self, group, hidden, tries=6):
        """Look at some functions, with some pieces left out; return the errors of the others, by number.

        What ends the process is left out the next time.
        """
        names, broken, errors = list(self.names), {}, [None] * len(self.pieces)
        for attempt in range(tries):
            steps = 0
            request = {"about": names, "homes": self.homes, "careful": attempt > 0}
            request["skip"] = sorted({*broken, *hidden})
            try:
                for kind, value in self.walls.exchange(wire.encode(request), bytearray()):
                    if kind == "step":
                        steps += 1
                    else:
                        errors, about = read_look(value, len(self.pieces), names)
                        self.about |= {name: about[name] for name in group if name in about}
                break
            except BoxEnded as ended:
                why = shorten_texts(ended.error)
                if not attempt or ended.error in (LOST, OPEN):
                    continue
                if steps < len(self.pieces):
                    broken[steps] = why
                elif steps - len(self.pieces) < len(names):
                    del names[steps - len(self.pieces)]
        else:
            self.problems.append(("The submission as a whole", why))
        self.skip = sorted({*self.skip, *broken})
        return {number: error for number, error in enumerate(errors) if error} | broken

    def run(self, name, calls, helpers=None):
        """Run a function of the submission on calls.

        Parameters
        ----------
        name : str
        calls : list of Call
        helpers : dict
            Right helpers, by name: they run here, on what the function sends them.

        Returns
        -------
        list of Result
            One for each call; what was sent before a run ended counts, the others say why it ended.
        """
        request = self.encode_request(name, calls, helpers)
        if request not in self.answered:
            self.answered[request], noise = self.request_results(name, calls, helpers)
            self.noise.setdefault(name, noise)
        return self.answered[request]

    def run_ahead(self, name, batches, helpers=None):
        """Run a function on several lists of calls at once, which `run` then need not do.

        What comes of it is kept only where all is well: no error, nothing written to standard error.
        Otherwise each list has to have a run of its own, with its own time.
        """
        calls = [call for batch in batches for call in batch]
        results, noise = self.request_results(name, calls, helpers)
        if noise or any(result.error for result in results):
            return
        for batch in batches:
            self.answered[self.encode_request(name, batch, helpers)] = results[: len(batch)]
            results = results[len(batch) :]

    def encode_request(self, name, calls, helpers):
        """Return the request for a run, encoded; calls that the whole class gets are encoded once."""
        request = {"run": name, "helpers": tuple(helpers or ())}
        request["skip"] = tuple(sorted({*self.skip, *self.hidden.get(name, ())}))
        request["seconds"] = self.limits.seconds
        request["homes"] = {name: self.homes.get(name, MAIN)}
        key = str(request), *map(id, calls)
        if key not in REQUESTS:
            if len(REQUESTS) == 64:
                REQUESTS.clear()
            REQUESTS[key] = list(calls), wire.encode(request | {"calls": list(calls)})
        return REQUESTS[key][1]

    def request_results(self, name, calls, helpers, again=True):
        """Return a result for each call of a run, and what it wrote to its standard error.

        A function that has waited until the clock ended it is not run again.
        """
        if name in self.waiting:
            return [self.waiting[name]] * len(calls), ""
        results, why, noise = {}, GONE, bytearray()
        try:
            for kind, value in self.walls.exchange(
                self.encode_request(name, calls, helpers), noise, helpers, calls
            ):
                if kind == "result":
                    number, result = read_result(value, len(calls))
                    results.setdefault(number, tame(result, calls[number]))
        except BoxEnded as ended:
            if ended.error in (LOST, OPEN) and again:
                return self.request_results(name, calls, helpers, again=False)
            if ended.error is OPEN:
                raise Refusal("Nothing can be marked here: the box of a run could not be shut.") from None
            why = shorten_texts(ended.error)
        missing = Result(error=why)
        results = [results.get(i, missing) for i in range(len(calls))]
        for result in results:
            if result.error and result.error.kind == "OutOfClock":
                self.waiting[name] = result
        return results, noise.decode(errors="replace")


def build_walls(kind, package, pieces, limits, slot):
    """Return the walls of a box: what runs a submission, and ends a run as it should."""
    if kind == WEBASSEMBLY:
        webassembly.prepare()
        from tools.grade.wasm.cell import Cell

        return Cell(package, pieces, limits)
    from tools.grade.bubble import Bubble

    return Bubble(package, pieces, limits, slot, kind == NOTHING)
