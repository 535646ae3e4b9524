"""How the files of a student are called, which are many students' in one folder."""

import hashlib
import re
import unicodedata


def file_name(student, suffix=".json"):
    """Return the name of a student's file: no two students share one, on any file system.

    An id of small letters, digits and ``_-.@`` is its own name.  Any other becomes such letters, a tilde,
    which those ids do not have, and a digest of the id.
    """
    plain = re.fullmatch(r"[a-z0-9_][a-z0-9_.@-]{0,99}", student)
    if plain and not re.match(r"(con|prn|aux|nul|(com|lpt)\d)(\.|$)", student) and not student.endswith("."):
        return student + suffix
    letters = unicodedata.normalize("NFKD", student).encode("ascii", "ignore").decode().lower()
    letters = re.sub(r"[^a-z0-9]+", "_", letters)[:60].strip("_") or "student"
    return f"{letters}~{hashlib.sha256(student.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}{suffix}"
