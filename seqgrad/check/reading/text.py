"""The text in a file that anybody may have saved, and how sentences speak of it.

bytes, in whatever encoding  ->  text with plain line ends, and what there is to say of it
"""

import json


def write_sentence(name, reason):
    """Return the sentence that says of a file what is wrong with it."""
    if isinstance(reason, OSError):
        reason = f"cannot be read: {reason.strerror}"
    return f"`{shorten(name)}` {reason}."


def shorten(text, length=80):
    """Return a text of a student's as it can stand in a sentence: printable, on one line, not too long."""
    text = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
    return text if len(text) <= length else f"{text[: length // 2]}…{text[-length // 2 + 1 :]}"


def decode(content):
    """Return the text that bytes stand for, and a list of what there is to say of it; any bytes are read."""
    try:
        text, reasons = content.decode(json.detect_encoding(content)), []
    except UnicodeDecodeError:
        text, name = decode_8_bits(content)
        reasons = [f"is not written in UTF-8; it was read as {name}"]
    return unify_line_ends(text).strip("\0"), reasons  # a disk that was full pads a file with zeros


def decode_8_bits(content):
    """Return the text of bytes of which each is a character, and the name of the encoding."""
    try:
        return content.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError:  # it gives no character to five of the bytes
        return content.decode("latin-1"), "Latin-1"


def unify_line_ends(text):
    """Return a text whose lines all end in the same way."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
