"""What of a notebook's cell is Python."""


def python(source):
    """Return a cell's source with its lines for IPython alone made empty; so every line keeps its number."""
    return "\n".join("" if line.startswith(("%", "!")) else line for line in source.split("\n"))
