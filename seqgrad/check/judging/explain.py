"""An exception in a learner's code becomes a sentence: the line, what met there, what to look at."""

import re

PRODUCT = "the columns of the first must be as many as the rows of the second"
FIT = "these shapes do not fit together entry by entry"
MESSAGES = {
    "matmul": PRODUCT,
    "not aligned": PRODUCT,
    "could not be broadcast": FIT,
    "could not broadcast": FIT,
    "non-broadcastable": FIT,
    "array dimensions except for the concatenation axis": "arrays that are joined must agree in every axis"
    " but the one along which they are joined",
}
KINDS = {
    "OutOfTime": "it did not come to an end in time; look for a loop whose condition never becomes false.",
    "OutOfClock": "it did not come to an end, and hardly computed in all that time on the clock; look for"
    " something that it waits for, such as input. If the machine was busy, run it again.",
    "RecursionError": "the function calls itself again and again; call another function, or let a loop do the"
    " work.",
    "MemoryError": "it asks for more memory than there is; look at the shapes of the arrays that it makes.",
    "NameError": "is not defined; is it misspelt, or is the cell that defines it still to be run?",
    "UnboundLocalError": "is used before it has a value.",
}


def explain(error, exercise, given=()):
    """Return the sentence for an error raised while a learner's function ran; `given` names its arguments."""
    place = f"line {error.line}, `{error.code}`" if error.code else f"line {error.line}" if error.line else ""
    inside = f" of {error.function}" if error.function not in ("", exercise) and place else ""
    where = f"In {place}{inside}: " if place else ""
    sentence = where + give_reason(error, given)
    return sentence[:1].upper() + sentence[1:]


def give_reason(error, given=()):
    """Return what went wrong, without the place."""
    kind, message = error.kind, error.message
    empty = [name for name, words in error.operands if words == "None"]
    if kind in ("NameError", "UnboundLocalError"):
        name = (re.findall(r"'([^']+)'", message) or ["a name"])[0]
        return f"`{name}` {KINDS[kind]}"
    if kind in KINDS:
        return KINDS[kind]
    if kind == "KeyError":
        return f"the key {message} is not there."
    if empty and kind in ("TypeError", "AttributeError", "ValueError"):
        if empty[0] in given:
            return f"`{empty[0]}` is None, since this call leaves it out; no step may depend on it alone."
        return f"`{empty[0]}` is None: it has not been computed."
    plainly = simplify(message)
    if error.operands and kind in ("ValueError", "IndexError", "TypeError"):
        met = " and ".join(f"`{name}` {say_what(words)}" for name, words in error.operands)
        return f"{met}: {plainly}."
    if not message:
        return f"{kind} was raised."
    return f"{plainly}." if plainly in MESSAGES.values() else f"{kind}: {plainly}."


def say_what(words):
    """Return what an operand is, as the end of a sentence."""
    return f"is {words}" if words == "None" or words.startswith("a ") else f"has {words}"


def simplify(message):
    """Return NumPy's message about shapes in fewer words."""
    plainly = " ".join(message.split()).rstrip(".")
    return next((sentence for part, sentence in MESSAGES.items() if part in message), plainly)
