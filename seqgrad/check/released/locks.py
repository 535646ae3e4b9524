"""Sentences under lock: only the numbers that a mistake gives open what is said of it.

A release names mistakes without holding the right steps.  Every known slip was made
beforehand; the fingerprint of the numbers that it gives is the key under which its
sentence lies.  Who does not have these numbers can read neither the sentence nor which
slips there are.

    [(keys, entry), ...]  --lock-->  table;    table, key  --open_locks-->  entries
"""

import hashlib
import json

import numpy as np

TAG, KEY, INDEX = 8, 16, 4


def lock(pairs):
    """Return the table of entries, which JSON can hold, each under one or several keys, which are bytes.

    It has ``tags`` and ``bodies``, one row for each lock, and ``entries``.
    """
    tags, bodies, entries = [], [], []
    for keys, entry in pairs:
        own = hashlib.sha256(b"entry" + b"".join(keys)).digest()[:KEY]
        body = own + len(entries).to_bytes(INDEX, "little")
        tags += [make_tag(key) for key in keys]
        bodies += [scramble(body, key) for key in keys]
        entries.append(np.frombuffer(scramble(json.dumps(entry).encode(), own), np.uint8))
    return {
        "tags": np.frombuffer(b"".join(tags), np.uint8).reshape(-1, TAG),
        "bodies": np.frombuffer(b"".join(bodies), np.uint8).reshape(-1, KEY + INDEX),
        "entries": entries,
    }


def open_locks(table, key):
    """Return the entries that a key opens, in the order in which they were locked."""
    fits = (table["tags"] == np.frombuffer(make_tag(key), np.uint8)).all(axis=1)
    bodies = [scramble(table["bodies"][i].tobytes(), key) for i in np.flatnonzero(fits)]
    pairs = [(int.from_bytes(body[KEY:], "little"), body[:KEY]) for body in bodies]
    return [json.loads(scramble(table["entries"][i].tobytes(), own)) for i, own in sorted(pairs)]


def make_tag(key):
    """Return what tells a lock that a key fits."""
    return hashlib.sha256(b"tag" + key).digest()[:TAG]


def scramble(data, key):
    """Return data mixed with a stream of bytes that follows from a key; done twice it is as it was."""
    stream = hashlib.shake_256(key).digest(len(data))
    return (int.from_bytes(data) ^ int.from_bytes(stream)).to_bytes(len(data))
