"""What is declared in one place agrees with every other place: ranges, pins, versions, files."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from flit_core import buildapi

import seqgrad
from tools import environment

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


def test_every_dependency_states_its_reason():
    lines = re.findall(r'^\s*"[\w-]+(?:[<>=]=?[\d.,<>=]+)".*$', read("pyproject.toml"), re.MULTILINE)
    assert len(lines) == sum(map(len, EXTRAS.values()))
    assert all(re.search(r",  # \w+ \w+", line) for line in lines)


@pytest.mark.parametrize("requirement", NEEDED + DECLARED["dependency-groups"]["build"])
def test_the_lock_pins_a_version_within_the_range(requirement):
    assert environment.meets(requirement, lambda name: PINS[name.replace("_", "-")])


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


def test_the_version_is_stated_once():
    assert getattr(seqgrad, "__version__", PROJECT["version"]) == PROJECT["version"]
    assert f"## {PROJECT['version']}" in read("CHANGELOG.md")
