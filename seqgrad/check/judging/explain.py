"""An exception in a learner's code becomes a sentence: the line, what met there, what to look at."""

import re

NOT_DEFINED = "is not defined; is it misspelt, or is the cell that defines it still to be run?"

FIT = "these shapes do not fit together entry by entry"
PRODUCT = "the columns of the first must be as many as the rows of the second"
JOINED = "arrays that are joined must agree in every axis but the one along which they are joined"
SHAPES = {
    "matmul": PRODUCT,
    "not aligned": PRODUCT,
    "could not be broadcast": FIT,
    "could not broadcast": FIT,
    "non-broadcastable": FIT,
    "array dimensions except for the concatenation axis": JOINED,
}


def explain(error, exercise):
    """Return the sentence for an error that was raised while a learner's function ran."""
    place = f"line {error.line}, `{error.code}`" if error.code else f"line {error.line}" if error.line else ""
    inside = f" of {error.function}" if error.function not in ("", exercise) and place else ""
    where = f"In {place}{inside}: " if place else ""
    sentence = where + reason(error)
    return sentence[:1].upper() + sentence[1:]


def reason(error):
    """Return what went wrong, without the place."""
    kind, message = error.kind, error.message
    operands = [
        f"`{name}` is {words}" if words == "None" else f"`{name}` has {words}"
        for name, words in error.operands
    ]
    operands = [words.replace("has a ", "is a ") for words in operands]
    met = " and ".join(operands)
    empty = [name for name, words in error.operands if words == "None"]
    if kind == "OutOfTime":
        return "it did not come to an end in time; look for a loop whose condition never becomes false."
    if kind == "RecursionError":
        return "the function calls itself again and again; call another function, or let a loop do the work."
    if kind == "MemoryError":
        return "it asks for more memory than there is; look at the shapes of the arrays that it makes."
    if kind in ("NameError", "UnboundLocalError"):
        name = (re.findall(r"'([^']+)'", message) or ["a name"])[0]
        return f"`{name}` " + (
            "is used before it has a value." if kind == "UnboundLocalError" else NOT_DEFINED
        )
    if kind == "KeyError":
        return f"the key {message} is not there."
    if empty and kind in ("TypeError", "AttributeError", "ValueError"):
        return f"`{empty[0]}` is None: it has not been computed."
    if kind in ("ValueError", "IndexError", "TypeError") and met:
        return f"{met}: {simplified(message)}."
    if not message:
        return f"{kind} was raised."
    plainly = simplified(message)
    return f"{plainly}." if plainly in SHAPES.values() else f"{kind}: {plainly}."


def simplified(message):
    """Return NumPy's message about shapes in fewer words."""
    for part, sentence in SHAPES.items():
        if part in message:
            return sentence
    return " ".join(message.split()).rstrip(".")
