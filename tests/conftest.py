"""What all tests share."""

import signal

from hypothesis import settings

# The same examples every time, and as long for each of them as a busy machine takes.
settings.register_profile("seqgrad", derandomize=True, deadline=None, max_examples=50)
settings.load_profile("seqgrad")

# What a shell runs in the background ignores Ctrl-C, and so would all that the tests begin and interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
