"""The two halves of each exercise are made alike before JupyterLab opens them, and no work in one is lost.

    halves, what is known to have been in them before  ->  the half with newer work  ->  both halves

What they hold decides, and never their times, which git, backups and copies change.  The .ipynb half knows
what has been in both: what the build wrote, and every state that was saved in both since.  A half that holds
none of that has newer work; if both do, both are kept.
"""

from jupytext.combine import combine_inputs_with_outputs

from tools import Refusal, reading, writing
from tools.course import chapters
from tools.course.halves import SUFFIXES, choose_free_name, find_halves, locate_half, rename
from tools.reading import Unreadable

STATES = 500  # how many saved states are known; each takes 17 characters


def join_halves(root):
    """Make the halves of every exercise alike, and say what was done; a pair that cannot be joined stays."""
    for path in sorted((root / "notebooks" / "exercises").glob("*.py")):
        base = path.with_suffix("")
        try:
            if done := join(base):
                print(f"{base.relative_to(root)}: {done}")
        except (Unreadable, Refusal, OSError) as error:
            print(f"{base.relative_to(root)}: {str(error).rstrip('.')}. Both halves stay as they are.")


def join(base):
    """Make the halves of a notebook alike; return a sentence on what was done, "" if it was nothing."""
    found = find_halves(base)
    if len(found) < len(SUFFIXES):
        return ""
    if all(half.problem for half in found.values()):
        raise Unreadable(" and ".join(f"the {suffix} {half.problem}" for suffix, half in found.items()))
    if not is_ours(**sort_by_kind(found)):
        return ""
    done = [convert(base, half) for half in found.values() if half.encoding and not half.problem]
    both = sort_by_kind(find_halves(base))
    if both["notebook"].problem or both["script"].problem:
        done.append(mend(base, **both))
    elif both["notebook"].digest != both["script"].digest:
        done.append(join_pair(base, **both))
    return " ".join(done)


def sort_by_kind(found):
    """Return halves as keyword arguments."""
    return {"notebook": found[".ipynb"], "script": found[".py"]}


def is_ours(notebook, script):
    """Say whether a pair was begun by the build, or by a copy of what it made."""
    if notebook.notebook:
        return "built" in notebook.mark
    return "formats" in reading.as_dict(script.notebook.metadata.get("jupytext"))


def convert(base, half):
    """Write a half in UTF-8; where its encoding is a guess, it is kept as it was, too."""
    kept = ""
    if half.encoding == reading.NAMES["cp1252"]:
        kept = f"; see that its letters are right, what it was is now {keep_half(base, half, 'windows_1252')}"
    writing.write(half.path, half.text)
    return f"the {half.path.suffix} was written in {half.encoding}, and is UTF-8 now{kept}."


def mend(base, notebook, script):
    """Write a half that cannot be read anew from the other one; unless it is empty, it is kept, too."""
    broken, whole = (notebook, script) if notebook.problem else (script, notebook)
    if whole is script:  # how it was built is not known, but what is saved from now on will be
        whole.notebook.metadata["seqgrad"] = {"built": "", "name": base.name}
    texts = write_both(whole.notebook)
    kept = "" if broken.is_empty else f", and what it was is now {keep_half(base, broken, 'unreadable')}"
    write_pair(base, texts)
    return (
        f"the {broken.path.suffix} {broken.problem}; it was written anew from the {whole.path.suffix}{kept}."
    )


def join_pair(base, notebook, script):
    """Let the half with newer work replace the other; if both have some, that of the .py is kept, too."""
    winner = choose_newer(notebook, script)
    if winner is script:
        write_pair(base, write_both(script.notebook, notebook.notebook))
        return "the .py was edited, so its .ipynb was brought up to date."
    texts = write_both(notebook.notebook)
    if winner is notebook:
        write_pair(base, texts)
        if breaks_off(script, notebook):
            return "the .py breaks off; it was written anew from the .ipynb."
        return "the .ipynb was edited, so its .py was brought up to date."
    kept = keep_half(base, script, "py_half")
    write_pair(base, texts)
    return (
        "both halves were edited, each in its own way. The .ipynb stays, and what the .py held is now "
        f"{kept}: compare them, and keep what you want."
    )


def choose_newer(notebook, script):
    """Return the half that holds newer work than the other; None if both hold work of their own."""
    built, *saved = read_known_states(notebook.notebook)
    if script.digest == built or breaks_off(script, notebook):
        return notebook
    if notebook.digest == built:
        return script
    if (notebook.digest in saved) == (script.digest in saved):
        return None
    return notebook if script.digest in saved else script


def breaks_off(script, notebook):
    """Say whether a script is the beginning of what a notebook would write there."""
    return chapters.to_texts(notebook.notebook)[".py"].startswith(script.text.rstrip())


def keep_half(base, half, word):
    """Give a half another name, which says what it is; return that name."""
    return rename([half], choose_free_name(base, word)).name + half.path.suffix


def write_both(notebook, outputs=None):
    """Return the text of both halves, with the outputs of another notebook where its cells are the same."""
    try:
        if outputs:
            notebook = combine_inputs_with_outputs(notebook, outputs, "py:percent")
        remember(notebook, chapters.digest_cells(notebook))
        return chapters.to_texts(notebook)
    except Exception as error:  # whatever Jupytext meets in metadata that somebody has changed
        raise Unreadable(f"its halves cannot be joined ({type(error).__name__}: {error})") from error


def write_pair(base, texts):
    """Write both halves."""
    for suffix, text in texts.items():
        writing.write(locate_half(base, suffix), text)


def read_known_states(notebook):
    """Return the digests of what is known to have been in both halves: as built, and as saved since."""
    mark = reading.as_dict(notebook.metadata.get("seqgrad"))
    return [str(mark.get("built")), *str(mark.get("saved", "")).split()]


def remember(notebook, state):
    """Add the digest of what a notebook holds to what is known to have been in both of its halves."""
    built, *saved = read_known_states(notebook)
    if "built" in reading.as_dict(notebook.metadata.get("seqgrad")) and state != built:
        saved = [*(known for known in saved if known != state), state][-STATES:]
        notebook.metadata["seqgrad"]["saved"] = " ".join(saved)
