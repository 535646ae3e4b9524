"""How far a long piece of work is: a bar in a terminal, elsewhere a line now and then."""

import contextlib
import time

from tqdm import tqdm

NEWS = 10  # seconds between two lines where no bar can be drawn


def follow(items, total=None, **how):
    """Yield items and show how many have been worked on; `how` is for tqdm's bar."""
    with show_progress(len(items) if total is None else total, **how) as advance:
        for item in items:
            yield item
            advance()


@contextlib.contextmanager
def show_progress(total, **how):
    """Give a function to call whenever one of `total` pieces is done; `how` is for tqdm's bar."""
    done = began = said = 0
    begin = f"{how['desc']}: " if "desc" in how else ""
    with tqdm(total=total, disable=None, **how) as bar:

        def advance():
            nonlocal done, began, said
            done += 1
            bar.update()
            now = time.monotonic()
            if done == 1:  # what it takes to begin is no part of the rate
                began = said = now
            elif bar.disable and now >= said + NEWS and now > began:
                said, rate = now, (done - 1) / (now - began)
                left = f"about {(total - done) / rate:.0f} s to go"
                print(f"{begin}{done} of {total}, {rate:.1f} a second, {left}", flush=True)

        yield advance


def say(line):
    """Print a line, above the bar if there is one."""
    tqdm.write(line)
