"""How a test waits for another process: never without a limit, and it says for what."""

import contextlib
import subprocess
import time


def wait_until(condition, what, seconds=60):
    """Wait until a condition is true and return its value; fail if it is not true in time."""
    limit = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < limit, f"waited {seconds} s for {what}"
        time.sleep(0.01)
    return value


@contextlib.contextmanager
def started(command, **how):
    """Start a process and yield it; it is killed at the end, however the test ends."""
    with subprocess.Popen(command, **how) as process:
        try:
            yield process
        finally:
            process.kill()
