"""Which chapters somebody names in a command: ``2-4,05_lstm``."""

import argparse
import re


def list_begins(text):
    """Return what the names of chapters begin with: ``2-4,05_lstm`` is 02, 03, 04 and 05_lstm."""
    begins = []
    for part in map(str.strip, text.split(",")):
        ends = re.fullmatch(r"([0-9]{1,2})(?:\s*-\s*([0-9]{1,2}))?", part)
        between = range(int(ends[1]), int(ends[2] or ends[1]) + 1) if ends else ()
        if not part or (ends and not between):
            raise argparse.ArgumentTypeError(f"`{text}` is no list of chapters such as 4,5 or 2-5")
        begins += [f"{number:02}" for number in between] or [part]
    return begins
