"""What is declared in one place agrees with every other place: ranges, pins, versions, files."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import numpy
import pytest
import yaml
from flit_core import buildapi

import seqgrad
from tools import environment, peers
from tools.course import chapters

ROOT = Path(__file__).parent.parent
DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = DECLARED["project"]
EXTRAS = PROJECT["optional-dependencies"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PINS = dict(re.findall(r"^([\w.-]+)==(\S+)", LOCK, re.MULTILINE))
NEEDED = PROJECT["dependencies"] + EXTRAS["course"] + EXTRAS["test"]


def name(requirement):
    return re.match(r"[\w-]+", requirement)[0]


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def test_seqgrad_itself_needs_numpy_alone():
    assert [name(requirement) for requirement in PROJECT["dependencies"]] == ["numpy"]


def test_the_lower_end_of_a_range_is_what_the_oldest_environment_asks_for():
    assert peers.pin_lower_end("numpy>=2.0,<3") == "numpy==2.0.*"
    assert all(map(peers.pin_lower_end, PROJECT["dependencies"] + EXTRAS["test"]))


def test_every_dependency_states_its_reason():
    lines = re.findall(r'^\s*"[\w-]+(?:[<>=]=?[\d.,<>=]+)".*$', read("pyproject.toml"), re.MULTILINE)
    assert len(lines) == sum(map(len, [*EXTRAS.values(), DECLARED["tool"]["uv"]["constraint-dependencies"]]))
    assert all(re.search(r",  # \w+ \w+", line) for line in lines)


@pytest.mark.parametrize("requirement", NEEDED + DECLARED["dependency-groups"]["build"])
def test_the_lock_pins_a_version_within_the_range(requirement):
    assert environment.is_met(requirement, lambda name: PINS[name.replace("_", "-")])


def test_the_lock_has_a_hash_for_every_pin_and_no_address():
    requirements = re.split(r"\n(?=\S)", LOCK.strip())
    assert len(requirements) == len(PINS)
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}$", requirement) for requirement in requirements)
    assert "://" not in LOCK and "index" not in LOCK


def test_the_build_backend_is_in_the_lock_so_that_installing_seqgrad_needs_no_network():
    assert DECLARED["dependency-groups"]["build"] == DECLARED["build-system"]["requires"]


def test_conda_gets_the_same_versions():
    conda = yaml.safe_load(read("environment.yml"))
    *packages, pip = conda["dependencies"]
    versions = dict(package.split("=") for package in packages if "=" in package)
    low, high = re.findall(r"\d+", PROJECT["requires-python"])
    assert versions.pop("python").split(".") >= [low, high]
    assert {package.removesuffix("-base"): version for package, version in versions.items()} == {
        name(requirement): PINS[name(requirement)] for requirement in NEEDED
    }
    assert conda["channels"][0] == "conda-forge"
    assert pip == {"pip": ["-e ."]}


def test_the_hooks_use_the_style_checker_of_the_lock():
    hooks = yaml.safe_load(read(".pre-commit-config.yaml"))["repos"][0]["hooks"]
    pinned = {pin for hook in hooks for pin in hook.get("additional_dependencies", [])}
    assert pinned == {f"ruff=={PINS['ruff']}"}
    assert [hook["entry"].split()[:2] for hook in hooks[:2]] == [["ruff", "format"], ["ruff", "check"]]


@pytest.mark.parametrize("arguments", [("format", "--check"), ("check", "--output-format=concise")])
def test_the_style_is_kept(arguments):
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *arguments, "."], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_workflow_calls_the_script_and_nothing_else():
    steps = yaml.safe_load(read(".github/workflows/ci.yml"))["jobs"]["test"]["steps"]
    assert [step["run"] for step in steps if "run" in step] == ["bash .ci/run"]
    assert os.access(ROOT / ".ci/run", os.X_OK)


def test_the_package_ships_its_data_and_licence_and_none_of_the_tools(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    with zipfile.ZipFile(tmp_path / buildapi.build_wheel(str(tmp_path))) as wheel:
        names = wheel.namelist()
    folders = {entry.split("/")[0] for entry in names}
    assert folders == {"seqgrad", f"seqgrad-{PROJECT['version']}.dist-info"}
    sources = {path.relative_to(ROOT).as_posix() for path in (ROOT / "seqgrad").rglob("*") if path.is_file()}
    assert {source for source in sources if "__pycache__" not in source} <= set(names)
    assert any(entry.endswith("licenses/LICENSE") for entry in names)


def build(kind, source, target):
    """Build a wheel or an sdist in a process of its own, as `python -m build` does; return its path."""
    command = f"from flit_core import buildapi; print(buildapi.build_{kind}({str(target)!r}))"
    done = subprocess.run(
        [sys.executable, "-c", command], cwd=source, capture_output=True, text=True, check=True
    )
    return target / done.stdout.split()[-1]


def test_a_wheel_made_from_the_sdist_works_in_an_environment_that_has_numpy_and_nothing_else(tmp_path):
    with tarfile.open(build("sdist", ROOT, tmp_path)) as sdist:
        safe = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}  # Python 3.11.2 has none
        sdist.extractall(tmp_path, **safe)
    wheel = build("wheel", tmp_path / f"seqgrad-{PROJECT['version']}", tmp_path)
    venv.create(tmp_path / "clean", symlinks=True)
    python = environment.locate_python(tmp_path / "clean")
    place = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(
        subprocess.run([python, "-c", place], capture_output=True, text=True, check=True).stdout.strip()
    )
    with zipfile.ZipFile(wheel) as archive:  # all that it takes to install a wheel of Python alone
        archive.extractall(site)
    for part in ("numpy", "numpy.libs"):  # as pip would; the network is not needed for a copy
        found = Path(numpy.__file__).parents[1] / part
        if found.exists():
            (site / part).symlink_to(found)

    tried = """if True:
        import importlib.metadata, importlib.util, seqgrad
        from seqgrad import text
        from seqgrad.check import check
        names = "jupytext", "matplotlib", "pytest"
        assert not [name for name in names if importlib.util.find_spec(name)]
        assert importlib.metadata.version("seqgrad") == seqgrad.__version__
        print(len(text.load_names()) > 1000, check(seqgrad.rnn_cell_backward))
    """
    done = subprocess.run([python, "-I", "-c", tried], cwd=tmp_path, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("True rnn_cell_backward: passed\n", "")


def test_services_that_make_an_environment_from_a_repository_take_environment_yml_as_it_stands():
    """What repo2docker looks for first, and how it tells that the project itself is to be installed."""
    first = ("binder", ".binder", "Dockerfile", "Project.toml", "JuliaProject.toml", "REQUIRE", "default.nix")
    first += ("install.R", "DESCRIPTION", "runtime.txt", "environment.yaml", "postBuild", "start", "apt.txt")
    assert [name for name in first if (ROOT / name).exists()] == []
    lines = yaml.safe_load(read("environment.yml"))["dependencies"]
    (python,) = (line for line in lines if isinstance(line, str) and re.match(r"python\b", line))
    assert re.fullmatch(r"python=3\.\d+", python)  # the minor version alone, for which it has a frozen base
    assert lines.index("pip") < lines.index(
        {"pip": ["-e ."]}
    )  # a path, so the whole repository is there first


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "notebooks/source").glob("*.py")))
@pytest.mark.parametrize("variant", ["exercises", "solutions"])
def test_the_first_code_of_a_notebook_installs_seqgrad_where_it_is_missing(variant, name):
    notebook = chapters.make_variants(ROOT / f"notebooks/source/{name}.py", ROOT)[variant]
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    assert first.source == chapters.INSTALL
    assert first.metadata.jupyter.source_hidden


@pytest.mark.parametrize("there", [True, False])
def test_installing_is_left_alone_where_seqgrad_is_there(monkeypatch, there):
    called = []
    monkeypatch.setattr(subprocess, "run", called.append)
    monkeypatch.setattr(importlib.util, "find_spec", {"seqgrad": there or None}.get)
    exec(chapters.INSTALL, {})
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--find-links", ".", "seqgrad"]
    assert called == ([] if there else [install])


def call_ci(folder, user, **programs):
    """Run .ci/run where only these programs are, each a line of shell; return what it prints."""
    programs |= {"id": f"echo {user}", "python3": 'echo "python3 $*"', "timeout": 'shift; "$@"'}
    for name, line in programs.items():
        (folder / name).write_text(f"#!/bin/sh\n{line}\n")
        (folder / name).chmod(0o755)
    for name in ("bash", "env", "sh", "dirname"):
        (folder / name).symlink_to(shutil.which(name))
    done = subprocess.run(
        [ROOT / ".ci/run"], env={"PATH": str(folder)}, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


CALLED = [
    "python3 -m tools " + arguments for arguments in ("test --lowest", "site --fetch", "test --all --peers")
]


@pytest.mark.skipif(os.name == "nt", reason="a script for bash")
@pytest.mark.parametrize(
    ("user", "programs", "said"),
    [
        (0, {"chromium": ":", "npm": ":"}, []),
        (1, {"google-chrome": ":", "npm": ":"}, []),
        (0, {"apt-get": ":"}, ["Installed chromium npm."]),
        (0, {"apt-get": ":", "npm": ":"}, ["Installed chromium."]),
        (0, {"apt-get": "exit 100"}, ["Not here, and not to be had: chromium npm."]),
        (0, {}, ["Not here, and not to be had: chromium npm."]),
        (1, {"apt-get": ":", "chromium": ":"}, ["Not here, and not to be had: npm."]),
    ],
)
def test_continuous_integration_brings_what_pip_cannot_or_says_what_is_skipped(
    tmp_path, user, programs, said
):
    *lines, lowest, site, last = call_ci(tmp_path, user, **programs)
    assert [lowest, site, last] == CALLED
    assert [line.removesuffix(" The tests that need them are skipped.") for line in lines] == said


def test_the_version_is_stated_once():
    assert getattr(seqgrad, "__version__", PROJECT["version"]) == PROJECT["version"]
    assert f"## {PROJECT['version']}" in read("CHANGELOG.md")
