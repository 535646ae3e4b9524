"""Every verb can be found, explains itself without an environment, and does what the documents promise."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools.__main__ import VERBS

ROOT = Path(__file__).parent.parent
DOCUMENTS = ["README.md", "CONTRIBUTING.md", ".ci/run", ".pre-commit-config.yaml"]


def bare(*arguments):
    """Run the tools by a Python that has nothing installed."""
    command = [sys.executable, "-S", "-m", "tools", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


@pytest.fixture(scope="module")
def helps():
    """Return what each verb says to --help."""
    return {verb: bare(verb, "--help") for verb in VERBS}


@pytest.mark.parametrize("arguments", [(), ("--help",), ("-h",), ("help",)])
def test_the_tools_alone_list_the_verbs_with_a_sentence_each(arguments):
    done = bare(*arguments)
    assert done.returncode == 0
    for verb in VERBS:
        assert re.search(rf"^  {verb} +[A-Z].*\.$", done.stdout, re.MULTILINE)
    assert done.stdout.splitlines()[-1].endswith("begin with: python3 -m tools lab")


@pytest.mark.parametrize(
    ("verb", "sentence"),
    [
        ("biuld", "There is no verb 'biuld'; did you mean build?\n"),
        ("x", f"There is no verb 'x'; there are {', '.join(VERBS)}.\n"),
    ],
)
def test_an_unknown_verb_gets_the_nearest_name(verb, sentence):
    done = bare(verb)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", sentence)


def test_help_with_a_verb_is_what_the_verb_says_to_help(helps):
    assert bare("help", "lab").stdout == helps["lab"].stdout
    assert bare("help", "biuld").stderr == "There is no verb 'biuld'; did you mean build?\n"


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself_with_an_example_that_calls_it(helps, verb):
    done = helps[verb]
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"usage: python3 -m tools {verb} ")
    *_, example = done.stdout.partition("\nexample:")
    assert f"python3 -m tools {verb}" in example
    assert max(map(len, done.stdout.splitlines())) <= 110


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_of_the_documents_exists_with_its_options(helps, document):
    commands = re.findall(
        r"python3 -m tools ((?:[\w/.-]+ ?)+)", (ROOT / document).read_text(encoding="utf-8")
    )
    assert commands
    for command in commands:
        verb, *rest = command.split()
        assert verb in VERBS, f"{document}: python3 -m tools {command}"
        for option in (word for word in rest if word.startswith("-")):
            assert option in helps[verb].stdout, f"{document}: python3 -m tools {command}"
