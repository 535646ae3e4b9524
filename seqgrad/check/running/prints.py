"""What a learner's function prints, kept in place of being shown: its beginning, however much it prints."""

import io

MOST = 4000  # characters that are kept


class Prints(io.TextIOBase):
    """Takes the place of standard output while functions run."""

    def __init__(self):
        self.begin()

    def begin(self):
        """Forget what was printed, and keep what is printed from now on."""
        self.kept, self.size, self.open = [], 0, True

    def end(self):
        """Keep nothing of what is printed from now on."""
        self.open = False

    def writable(self):
        """Tell whoever asks that this can be written to."""
        return True

    def write(self, text):
        """Keep a text, as far as there is room."""
        if self.open and self.size <= MOST:
            self.kept.append(text[: MOST + 1 - self.size])
            self.size += len(self.kept[-1])
        return len(text)

    def read(self):
        """Return what was kept; dots stand for the rest."""
        text = "".join(self.kept).encode("utf-8", "replace").decode()
        return text if len(text) <= MOST else text[:MOST] + "…"
