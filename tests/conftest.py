"""What all tests share."""

from hypothesis import settings

# The same examples every time, and as long for each of them as a busy machine takes.
settings.register_profile("seqgrad", derandomize=True, deadline=None, max_examples=50)
settings.load_profile("seqgrad")
