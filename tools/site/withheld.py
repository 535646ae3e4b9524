"""A site that withholds answers: its package is that of a release, and no file of it holds a withheld line.

plan of a release  ->  the package for the browser;    site, plan  ->  a refusal if it gives an answer away
"""

from pathlib import Path

OWN_STATIC = Path(__file__).parent / "static"


def list_extensions():
    """Return the extensions of Sphinx for such a site: none that shows the sources of seqgrad."""
    from tools.site.conf import extensions

    return [name for name in extensions if name != "sphinx.ext.viewcode"]


def write_package(root, folder, plan):
    """Write seqgrad as a release of this plan has it into a folder, and return the folder."""
    from tools.release import package

    package.write_package(folder, plan.withheld, plan.exercises, root)
    return folder


def refuse_answers(root, made, plan):
    """Refuse a site that gives an answer away, whatever its files are packed in.

    What comes from PyPI and npm is as everybody has it, and is left out: files of the theme and of Sphinx,
    MathJax, Python with its library.
    """
    from tools.release import verify

    files = {path.relative_to(made).as_posix(): path for path in made.rglob("*") if path.is_file()}
    own = {name: path.read_bytes() for name, path in files.items() if is_own(name)}
    verify.refuse_answers(own, verify.list_hidden(root, plan.withheld))


def is_own(name):
    """Say whether a file of a site was made from the project, by its path in the site."""
    from tools.site.tab.bundle import ARCHIVE
    from tools.site.tab.page import ADDRESS

    folder, _, last = name.rpartition("/")
    if f"{folder}/" == ADDRESS:
        return last.startswith(f"{ARCHIVE.partition('.')[0]}-") or last.endswith((".js", ".css"))
    return not name.startswith("_static/") or (OWN_STATIC / last).exists()
