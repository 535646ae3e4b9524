"""Where a verb runs: in this interpreter if it has what the verbs need, otherwise in `.venv`.

`.venv` is made and mended here.  A mark is put into it first: a folder without it is somebody else's, and is
left alone.  A stamp is written last; without it nothing in there is trusted, and the folder is made anew.
"""

import contextlib
import hashlib
import importlib.metadata
import importlib.util
import json
import operator
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path

from tools import Refusal, owned

try:
    import fcntl
except ImportError:  # on Windows
    import msvcrt

    fcntl = None

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = ("course", "test")
BASE = getattr(sys, "_base_executable", sys.executable)  # the Python behind a virtual environment
DISK_SPACE = 650_000_000  # bytes: 500 million for .venv, and 150 million for what pip downloads on the way

NEWS = {
    "missing": "Making the environment in {}, once: about a minute and half a gigabyte.",
    "unfinished": "Making {} anew: its set-up was interrupted.",
    "broken": "Making {} anew: its Python is gone, or the project has moved.",
    "outdated": "Updating {}: pyproject.toml or requirements.lock has changed.",
}

ELSEWHERE = "SEQGRAD_VENV"  # the variable that names another folder than .venv
FOREIGN = (
    "{venv} {what}, so it stays as it is: activate it and install what is needed with `{pip}`, or name "
    f"another folder in {ELSEWHERE}, or move it away, and call again."
)

RELATIONS = {">=": operator.ge, "<": operator.lt, "==": operator.eq}

# What pip says when it gives up, and the sentence for it.
COMPLAINTS = {
    "No space left on device|not enough space": "the disk is full; make room and call again.",
    "DO NOT MATCH THE HASHES": "a download is not what requirements.lock names; call again, and if it stays "
    "so, ask who serves you packages.",
    "NewConnectionError|NameResolutionError|Timeout|ProxyError|SSLError|from versions: none": "the package "
    "index cannot be reached; connect to the network and call again.",
    "externally-managed-environment|Permission denied: '.*-packages": "this Python belongs to somebody else; "
    "make an environment of your own and call again in it.",
    "Requires-Python|from versions: ": "a pinned package does not exist for this Python; call another one "
    "by its name, as in `python3.12 -m tools lab`.",
}


def enter(arguments, root=ROOT):
    """Return if this interpreter has what the verbs need; otherwise run ``-m tools`` again, in `.venv`."""
    paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if str(root) not in paths:
        os.environ["PYTHONPATH"] = os.pathsep.join([str(root), *filter(None, paths)])

    venv = locate_environment(root)
    inside = Path(sys.prefix).resolve() == venv.resolve()
    ours = inside and not venv.is_symlink() and (venv / "stamp.json").exists()
    if not ours and not list_missing(root):
        return
    if find_condition(venv, root) != "ready":
        make(venv, root)
    elif inside:
        return

    command = [str(locate_python(venv)), "-m", "tools", *arguments]
    if os.name == "nt":  # where execv gives the prompt back before the verb has begun
        sys.exit(subprocess.run(command).returncode)
    os.execv(command[0], command)


def prepare_kernels():
    """Set what kernels inherit from us, so that notebooks print the same wherever they run."""
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"  # the kernel of this environment, not one in the home folder
    os.environ.pop("MPLBACKEND", None)  # pictures go into the notebook
    for library in ("OPENBLAS", "OMP", "MKL", "VECLIB_MAXIMUM"):
        os.environ[f"{library}_NUM_THREADS"] = "1"  # one notebook, one core


def count_cores():
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def read_project(root):
    """Return the project's table in pyproject.toml."""
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def list_missing(root, extras=EXTRAS, version=importlib.metadata.version):
    """Return the requirements of the package and of extras that are not met here."""
    project = read_project(root)
    needed = sum((project["optional-dependencies"][extra] for extra in extras), project["dependencies"])
    return [requirement for requirement in needed if not is_met(requirement, version)]


def is_met(requirement, version=importlib.metadata.version):
    """Say whether a requirement such as ``numpy>=2.0,<3`` is installed in a version that it allows."""
    name, bounds = re.fullmatch(r"([\w.-]+)(.*)", requirement).groups()
    try:
        found = parse_version(version(name))
    except importlib.metadata.PackageNotFoundError:
        return False
    bounds = re.findall(r"(>=|<|==)([\d.]+)", bounds)
    return all(RELATIONS[relation](found, parse_version(limit)) for relation, limit in bounds)


def parse_version(version):
    """Return the numbers of a version, (2, 13, 0) for 2.13.0+cpu."""
    return tuple(int(number) for number in re.match(r"[\d.]*\d", version)[0].split("."))


def locate_python(venv):
    """Return the path of the Python in a virtual environment."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def locate_environment(root):
    """Return where the environment of a project is, or is to be made."""
    return Path(os.environ.get(ELSEWHERE) or root / ".venv").absolute()


def find_condition(venv, root):
    """Return the state of `.venv`: missing, foreign, unfinished, broken, outdated or ready."""
    if not os.path.lexists(venv):
        return "missing"
    if venv.is_symlink() or not venv.is_dir():
        return "foreign"
    if not any(venv.iterdir()):
        return "missing"
    found, expected = read_stamp(venv), stamp(venv, root)
    if not found:
        return "unfinished" if owned.is_ours(venv, "environment") else "foreign"
    if found == expected:
        return "ready"
    return "outdated" if found | {"pinned": ""} == expected | {"pinned": ""} else "broken"


def read_stamp(venv):
    """Return the stamp of a finished `.venv`; None if there is none of ours."""
    try:
        found = json.loads((venv / "stamp.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and {"python", "root", "pinned"} <= set(found) else None


def refuse_foreign(venv):
    """Refuse to make or to mend an environment at a place where there is something that we did not make."""
    what = "is a link" if venv.is_symlink() else "was not made by python3 -m tools"
    pip = f'pip install -e ".[{",".join(EXTRAS)}]"'
    raise Refusal(FOREIGN.format(venv=venv, what=what, pip=pip))


def stamp(venv, root):
    """Return what the stamp says of a finished `.venv`: its Python, its place, what was installed."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    pinned = [
        (root / "requirements.lock").read_text(encoding="utf-8"),
        project["build-system"],
        project["project"],
    ]
    ask = [locate_python(venv), "-I", "-S", "-c", "import sys; print(*sys.version_info[:2])"]
    try:
        python = subprocess.run(ask, capture_output=True, text=True).stdout.strip()
    except OSError:
        python = "gone"
    return {
        "python": python,
        "root": str(root),
        "pinned": hashlib.sha256(json.dumps(pinned).encode()).hexdigest(),
    }


def make(venv, root, pip=None, free=None):
    """Make `.venv`, or mend it.

    Parameters
    ----------
    venv, root : Path
        The folder to make, and the project's.
    pip : list of str, optional
        The command that installs; by default the environment's own pip, or else this interpreter's.
    free : int, optional
        Bytes of free disk space; by default as the system says.

    Raises
    ------
    Refusal
        With one sentence: what stands in the way, and what to do.
    """
    try:
        with hold_lock(root / ".venv.lock"):
            state = find_condition(venv, root)
            if state == "ready":  # by whoever held the lock before
                return
            if state == "foreign":
                refuse_foreign(venv)
            print(NEWS[state].format(".venv" if venv == root / ".venv" else venv), flush=True)
            if state != "outdated":
                free = shutil.disk_usage(root).free if free is None else free
                if free < DISK_SPACE:
                    raise Refusal(
                        "The environment takes half a gigabyte, and 150 MB more while it is made; "
                        f"{free // 10**6} MB are free."
                    )
                with_pip = [] if importlib.util.find_spec("ensurepip") and not pip else ["--without-pip"]
                owned.mark(venv, "environment")
                owned.clear(venv, "environment")
                run_command([sys.executable, "-I", "-m", "venv", *with_pip, str(venv)], root)

            (venv / "stamp.json").unlink(missing_ok=True)
            pip = pip or find_installer(venv)
            install = [*pip, "install", "--no-compile"]
            quiet = ["--quiet"] if state == "outdated" else []  # where pip would list all that stays
            lock = ["--no-deps", "--require-hashes", "--requirement", "requirements.lock"]  # which names all
            run_command([*install, *quiet, *lock], root)
            run_command([*install, "--quiet", "--no-deps", "--no-build-isolation", "--editable", "."], root)
            compile_all(venv)
            (venv / "stamp.json").write_text(json.dumps(stamp(venv, root)), encoding="utf-8")
    except OSError as error:
        raise Refusal(f"The environment cannot be made in {venv}: {error.strerror}.") from error


def compile_all(venv):
    """Compile what was installed, on all cores; pip would do it on one, and take most of its time for it."""
    print("Compiling what was installed.", flush=True)
    command = [locate_python(venv), "-I", "-m", "compileall", "-q", "-j", "0", venv]
    subprocess.run(command, capture_output=True)  # it complains of files that are for other Pythons


def find_installer(venv, base=BASE):
    """Return the command that installs into `.venv`: its own pip, or that of the Python it was made by."""
    if any(locate_python(venv).parent.glob("pip*")):
        return [str(locate_python(venv)), "-I", "-m", "pip"]
    if subprocess.run([base, "-I", "-m", "pip", "--version"], capture_output=True).returncode == 0:
        return [base, "-I", "-m", "pip", "--python", str(locate_python(venv))]
    raise Refusal(
        "This Python can neither make an environment with pip nor has pip itself; install one of them, on "
        "Debian with `apt install python3-venv`, and call again."
    )


def run_command(command, root, failure="The environment cannot be made", limit=None):
    """Run a command whose progress is shown; turn its complaint, if it fails, into one sentence.

    It may take `limit` seconds.
    """
    calm = {"PIP_USER": "0", "PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    how = {"cwd": root, "env": os.environ | calm, "stderr": subprocess.PIPE, "text": True}
    try:
        done = subprocess.run(command, timeout=limit, **how)
    except subprocess.TimeoutExpired as error:
        raise Refusal(f"{failure}: it takes more than {limit} s.") from error
    if done.returncode:
        known = (sentence for pattern, sentence in COMPLAINTS.items() if re.search(pattern, done.stderr))
        last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        raise Refusal(f"{failure}: {next(known, last)}")


@contextlib.contextmanager
def hold_lock(path):
    """Hold a lock file, and wait for whoever holds it; the system takes it back when a process ends."""
    with path.open("a") as file:  # which empties nothing, should the name be somebody else's
        if not try_lock(file):
            print("Another call is making the environment; waiting for it.", flush=True)
            while not try_lock(file):
                time.sleep(0.2)
        yield


def try_lock(file):
    """Try to lock an open file, and say whether that went well."""
    try:
        if fcntl:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    except (BlockingIOError, PermissionError):
        return False
    return True
