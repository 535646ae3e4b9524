"""Sentences under lock: only the numbers that a mistake gives open what is said of it.

A release names mistakes without holding the right steps.  Every known slip was made
beforehand; the fingerprint of the numbers that it gives is the key under which its
sentence lies.  Who does not have these numbers can read neither the sentence nor which
slips there are.

    locked([(keys, entry), ...])  ->  table;    opened(table, key)  ->  entries
"""

import hashlib
import json

import numpy as np

TAG, KEY, INDEX = 8, 16, 4


def locked(pairs):
    """Return the table of entries, each under one or several keys.

    Parameters
    ----------
    pairs : list of (keys, entry)
        Keys are bytes; an entry is what JSON can hold.

    Returns
    -------
    dict
        ``tags`` and ``bodies``, one row for each lock, and ``entries``.
    """
    tags, bodies, entries = [], [], []
    for keys, entry in pairs:
        own = hashlib.sha256(b"entry" + b"".join(keys)).digest()[:KEY]
        body = own + len(entries).to_bytes(INDEX, "little")
        tags += [tag(key) for key in keys]
        bodies += [blended(body, key) for key in keys]
        entries.append(np.frombuffer(blended(json.dumps(entry).encode(), own), np.uint8))
    return {
        "tags": np.frombuffer(b"".join(tags), np.uint8).reshape(-1, TAG),
        "bodies": np.frombuffer(b"".join(bodies), np.uint8).reshape(-1, KEY + INDEX),
        "entries": entries,
    }


def opened(table, key):
    """Return the entries that a key opens, in the order in which they were locked."""
    found = (table["tags"] == np.frombuffer(tag(key), np.uint8)).all(axis=1)
    bodies = [blended(table["bodies"][i].tobytes(), key) for i in np.flatnonzero(found)]
    pairs = [(int.from_bytes(body[KEY:], "little"), body[:KEY]) for body in bodies]
    return [json.loads(blended(table["entries"][i].tobytes(), own)) for i, own in sorted(pairs)]


def tag(key):
    """Return what tells a lock that a key fits."""
    return hashlib.sha256(b"tag" + key).digest()[:TAG]


def blended(data, key):
    """Return data mixed with a stream of bytes that follows from a key; done twice it is as it was."""
    blocks = -(-len(data) // 32)
    stream = b"".join(hashlib.sha256(key + block.to_bytes(4, "little")).digest() for block in range(blocks))
    return bytes(one ^ other for one, other in zip(data, stream[: len(data)], strict=True))
