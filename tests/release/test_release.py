"""A release works when it is unpacked, holds no answer and no secret, and is the same whenever it is made."""

import asyncio
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from seqgrad.check.released.own import write_token
from tests.marks import exhaustive, sample
from tests.waiting import started
from tools import Refusal, environment
from tools.course import chapters, kernels, pairs
from tools.release import bundle, notebooks, package, release, sets, verify
from tools.students import numbers
from tools.writing import write

ROOT = Path(__file__).parents[2]
FUNCTIONS = verify.read_sources(ROOT)
NAMES = ["rnn_cell_forward", "rnn_forward"]
ROSTER = 'id,name\nanna,"Ash, Anna"\nben@uni.edu,"Bo, Ben"\n'


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Release chapter 2 to two students; return the folder, and each one's archive with the token in it."""
    folder = tmp_path_factory.mktemp("class")
    write(folder / "roster.csv", ROSTER)
    call(folder, "--roster", folder / "roster.csv")
    places = {}
    for student in ("anna", "ben@uni.edu"):
        with zipfile.ZipFile(folder / "dist/seqgrad-02.zip") as archive:
            archive.extractall(folder / student)
        places[student] = folder / student / "seqgrad-02"
        shutil.copy(folder / "dist/seqgrad-02" / f"{student}.token", places[student])
    return folder, places


def call(folder, *arguments, chapters="2"):
    """Call the verb; its secret and what it makes are in a folder."""
    settings = ["--secret", folder / "course-secret", "--out", folder / "dist", "--sets", 3]
    assert release.main(["--chapters", chapters, *map(str, [*settings, *arguments])]) == 0


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def attempt(place, functions):
    """Save functions in the chapters of a release, as a learner does; return the notebooks."""
    saved = {}
    for path in sorted((place / "notebooks/exercises").glob("0[1-9]*.ipynb")):
        notebook = chapters.read_notebook(pairs.read(path), ".ipynb")
        for cell in notebook.cells:
            name = cell.metadata.get("exercise")
            cell.source = functions.get(name, cell.source)
        saved[path] = notebook
    return saved


def inside(place, *command):
    """Run Python in a release, with seqgrad and tools as they are there."""
    alone = {**os.environ, "PYTHONPATH": str(place)}
    return subprocess.run([sys.executable, *command], cwd=place, env=alone, capture_output=True, text=True)


def test_an_archive_unpacks_to_one_folder_that_has_all_a_learner_needs(made):
    _, places = made
    (only,) = places["anna"].parent.iterdir()
    names = {path.as_posix() for path in contents(only)}
    assert {
        "README.md",
        "environment.yml",
        "pyproject.toml",
        "requirements.lock",
        "notebooks/exercises/00_start.ipynb",
        "notebooks/exercises/02_rnn_forward.ipynb",
        "notebooks/exercises/02_rnn_forward.py",
        "notebooks/figures/rnn_cell.svg",
        "seqgrad/__init__.py",
        "seqgrad/data/names.txt",
        "seqgrad/data/sets.bin",
        "seqgrad/check/__init__.py",
        "tools/course/lab.py",
        "tools/reader/check.py",
        "notebooks/exercises.json",
    } <= names
    assert not [name for name in names if re.search(r"naming|solution|source/|tests|\.pyc|release\.py", name)]
    assert not [name for name in names if name.startswith("notebooks/figures/") and "rnn_cell" not in name]


def test_every_link_in_a_release_leads_to_a_file_that_it_has(made):
    _, places = made
    folder = places["anna"] / "notebooks"
    seen = set()
    for path in [*folder.glob("*.md"), *folder.glob("exercises/*.ipynb")]:
        text = pairs.read(path)
        cells = chapters.read_notebook(text, ".ipynb").cells if path.suffix == ".ipynb" else ()
        text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown") or text
        links = [link for link in re.findall(r"\]\(([^()#\s]+)", text) if not link.startswith("http")]
        assert [link for link in links if not (path.parent / link).is_file()] == [], path.name
        seen.update(links)
    assert {"02_rnn_forward.ipynb", "00_start.ipynb", "../glossary.md"} <= seen


def test_the_start_page_of_a_release_leads_to_its_chapters_and_adds_up_their_points(made):
    _, places = made
    (path,) = (places["anna"] / "notebooks/exercises").glob("00*.ipynb")
    rows = re.findall(
        r"\| \[([^\]]*)\]\((.*?)\) .* \| (.*) \|",
        chapters.read_notebook(pairs.read(path), ".ipynb").cells[3].source,
    )
    assert rows == [("Chapter 2. Run a network through time", "02_rnn_forward.ipynb", "20")]
    code = "from tools.reader.progress import show_progress; print(show_progress())"
    shown = inside(places["anna"], "-B", "-c", code)
    assert shown.stdout.endswith("0 of 20 points. Begin with Chapter 2. Run a network through time.\n"), shown


def test_nothing_in_a_release_holds_an_answer(made):
    _, places = made
    plan = notebooks.plan_release(ROOT, ["02"])
    hidden = verify.list_secrets(FUNCTIONS, plan.withheld)
    verify.refuse_answers({str(path): data for path, data in contents(places["anna"]).items()}, hidden)


def test_the_secret_is_in_no_byte_of_what_is_made(made):
    folder, places = made
    secret = numbers.read_secret(folder / "course-secret")
    said = (secret, secret.hex().encode(), secret.hex().upper().encode())
    files = contents(folder / "dist") | {
        place / path: data for place in places.values() for path, data in contents(place).items()
    }
    for data in files.values():
        for text in (data, *(content for _, content in verify.unpack_data(data))):
            assert not any(one in text for one in said)


def test_no_ids_and_no_numbers_of_a_student_stand_in_what_all_have(made):
    folder, places = made
    secret = numbers.read_secret(folder / "course-secret")
    files = {path: data for path, data in contents(places["anna"]).items() if path.suffix != ".token"}
    whole = b"".join(files.values())
    assert b"@uni.edu" not in whole
    for kind, name, number in itertools.product(numbers.BITS, NAMES, range(3)):
        key = numbers.derive_key(secret, kind, name, number)
        drawn = numbers.draw_set(secret, kind, name, number)
        assert not any(text in whole for text in (key, key.hex().encode(), str(drawn).encode()))


TOLD = """
import json
from seqgrad import rnn
from seqgrad.check import check, own_seed
from seqgrad.check.released import own

def tell(work):
    try:
        return work()
    except own.WrongToken as wrong:
        return str(wrong)

def mine(xt, a_prev, parameters):
    return ()

print(json.dumps({
    "seeds": [tell(lambda: own_seed(name)) for name in %r],
    "salts": [tell(lambda: own.find_own(name, "checks")) for name in %r],
    "check": str(check(mine, "rnn_cell_forward")),
    "whose": tell(own.describe_token),
}))
"""


def tell(place):
    """Return what a release says of a student's numbers."""
    done = inside(place, "-B", "-c", TOLD % (NAMES, NAMES))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_token_opens_the_numbers_of_its_student_and_no_others(made):
    folder, places = made
    secret = numbers.read_secret(folder / "course-secret")
    for student, place in places.items():
        said, own = tell(place), [numbers.draw_own(secret, student, name, 3) for name in NAMES]
        assert list(zip(said["seeds"], said["salts"], strict=True)) == list(map(tuple, own))
        assert said["whose"] == f"The numbers are those of {student}.token."
        assert "rnn_cell_forward: wrong" in said["check"]


def test_without_a_token_all_have_the_same_numbers_and_own_cells_say_what_is_missing(made, tmp_path):
    shutil.copytree(made[1]["anna"], tmp_path / "seqgrad-02")
    (tmp_path / "seqgrad-02/anna.token").unlink()
    said = tell(tmp_path / "seqgrad-02")
    assert said["salts"] == [None, None] and "rnn_cell_forward: wrong" in said["check"]
    (sentence,) = set(said["seeds"])
    assert sentence == (
        "This cell draws numbers that are yours alone: put the file that you were given, whose name ends in "
        ".token, into the folder seqgrad-02, and run the cell again."
    )
    assert said["whose"] == "There is no token in seqgrad-02, so all numbers are those that everybody has."


def strange_token():
    """Return a token that is whole, and of another release."""
    return write_token([bytes(16), bytes(range(16))]).encode()


WRONG = {
    "cut short": (
        lambda token: token[:-9],
        "anna.token is no token, or not all of it is there: put the file there again",
    ),
    "empty": (lambda token: b"", "anna.token is no token"),
    "no text": (lambda token: b"\xff\xfe\x00 PK", "anna.token is no token"),
    "changed": (lambda token: token.swapcase(), "anna.token is no token"),
    "of another release": (
        lambda token: strange_token(),
        "anna.token is the token of another release: put the one there that",
    ),
}


@pytest.mark.parametrize("kind", sample(WRONG, 5))
def test_a_wrong_token_is_one_sentence(made, tmp_path, kind):
    data, sentence = WRONG[kind]
    place = tmp_path / "seqgrad-02"
    shutil.copytree(made[1]["anna"], place)
    path = place / "anna.token"
    path.write_bytes(data(path.read_bytes()))
    said = tell(place)
    for text in (*said["seeds"], *said["salts"], said["whose"]):
        assert text.startswith(sentence) and "\n" not in text
    assert sentence in said["check"]
    done = inside(place, "-m", "tools", "lab", "--no-browser")
    assert done.returncode == 1 and done.stderr.startswith(sentence) and done.stderr.count("\n") == 1


def test_two_tokens_are_one_too_many(made, tmp_path):
    shutil.copytree(made[1]["anna"], tmp_path / "seqgrad-02")
    shutil.copy(made[1]["ben@uni.edu"] / "ben@uni.edu.token", tmp_path / "seqgrad-02")
    sentence = "There are several tokens in the folder seqgrad-02 (anna.token, ben@uni.edu.token)"
    assert tell(tmp_path / "seqgrad-02")["whose"].startswith(sentence)


def test_a_token_that_is_sent_by_mail_may_have_other_line_ends(made, tmp_path):
    shutil.copytree(made[1]["anna"], tmp_path / "seqgrad-02")
    path = tmp_path / "seqgrad-02/anna.token"
    path.write_bytes(b"\r\n" + path.read_bytes().replace(b"\n", b" \r\n"))
    assert tell(tmp_path / "seqgrad-02") == tell(made[1]["anna"])


def test_a_second_call_makes_nothing_and_a_missing_token_is_made_as_it_was(made, capsys):
    folder, _ = made
    before = contents(folder / "dist")
    call(folder, "--roster", folder / "roster.csv")
    said = capsys.readouterr().out.splitlines()
    assert said[0].endswith("seqgrad-02.zip is for all, and has not changed.")
    assert said[1].startswith("0 of 2 tokens were new or changed")
    (folder / "dist/seqgrad-02/anna.token").unlink()
    call(folder, "--roster", folder / "roster.csv")
    assert capsys.readouterr().out.splitlines()[1].startswith("1 of 2 tokens were new or changed")
    assert contents(folder / "dist") == before


def test_release_json_says_what_was_released_and_to_whom(made):
    folder, _ = made
    said = json.loads(pairs.read(folder / "dist/release.json"))
    assert said.pop("digest").isalnum()
    assert said == {
        "title": "seqgrad 02",
        "chapters": ["02"],
        "exercises": [
            {"name": name, "chapter": "02_rnn_forward", "points": 10, "number": f"2.{number}"}
            for number, name in enumerate(NAMES, 1)
        ],
        "points": 20,
        "students": ["anna", "ben@uni.edu"],
        "ids": {},
        "secret": numbers.name_secret(numbers.read_secret(folder / "course-secret")),
        "sets": 3,
    }


@pytest.fixture(scope="module")
def run(made):
    """Run a learner's notebook in a release: return its cells once as released, once completed."""
    _, places = made
    place = places["anna"]
    os.environ["PYTHONPATH"], before = str(place), os.environ.get("PYTHONPATH", "")
    environment.prepare_kernels()
    found = {}
    try:
        for state, functions in (("stub", {}), ("complete", FUNCTIONS)):
            ((path, notebook),) = attempt(place, functions).items()
            problems = asyncio.run(kernels.execute(notebook, path.parent, 120, lambda: None))
            assert problems == []
            found[state] = pairs.list_code_cells(notebook)
    finally:
        os.environ["PYTHONPATH"] = before
    return found


def outputs(cells, begins):
    """Return the plain text of the cells whose last line begins so."""
    shown = [cell for cell in cells if cell.source.split("\n")[-1].startswith(begins)]
    return [cell.outputs[-1].get("data", {}).get("text/plain") for cell in shown]


@exhaustive
def test_run_all_reaches_the_bottom_of_an_unfinished_notebook(run):
    assert outputs(run["stub"], "check(") == ["0", "0"]
    assert all("not attempted" in kernels.join_texts(cell) for cell in run["stub"] if "check(" in cell.source)
    assert all(cell.execution_count for cell in run["stub"])


def test_demonstrations_show_what_the_course_shows(run):
    stored = chapters.read_notebook(pairs.read(ROOT / "notebooks/solutions/02_rnn_forward.ipynb"), ".ipynb")
    course = {cell.source: kernels.join_texts(cell) for cell in pairs.list_code_cells(stored)}
    for cells in run.values():
        for cell in cells:
            own = "exercise" in cell.metadata or "beside(test" in cell.source  # shows the learner's function
            if cell.source in course and not own:
                assert kernels.join_texts(cell) == course[cell.source]


def test_a_completed_notebook_has_all_points_and_the_expected_numbers(run):
    assert outputs(run["complete"], "check(") == ["10", "10"]
    for text in outputs(run["complete"], "beside("):
        assert re.match(r"rnn_(cell_)?forward: (\d+) of \2 lines are as expected\.\n", text)


def test_the_expected_numbers_stand_there_before_a_line_is_written(run):
    for stub, complete in zip(
        outputs(run["stub"], "beside("), outputs(run["complete"], "beside("), strict=True
    ):
        assert stub.split("\n")[1:] == complete.split("\n")[1:]


def test_the_two_commands_of_the_readme_work_in_a_release(made, tmp_path):
    place = tmp_path / "seqgrad-02"
    shutil.copytree(made[1]["anna"], place)
    commands = re.findall(r"^python3 -m tools (\w+)", pairs.read(place / "README.md"), re.MULTILINE)
    assert set(commands) == {"lab", "check"}

    done = inside(place, "-m", "tools", "check")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines()[-1] == "0 of 20 points. Next: python3 -m tools lab"
    for path, notebook in attempt(place, FUNCTIONS).items():
        write(path, chapters.to_texts(notebook)[".ipynb"])
    done = inside(place, "-m", "tools", "check")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "20 of 20 points. Next: hand it in."

    command = [sys.executable, "-m", "tools", "lab", "--no-browser", "--port", "18899"]
    alone = {**os.environ, "PYTHONPATH": str(place), "HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    with started(command, cwd=place, env=alone, stdout=subprocess.PIPE, text=True) as process:
        said = [process.stdout.readline() for _ in range(3)]
    assert said[0].endswith(": the .ipynb was edited, so its .py was brought up to date.\n")
    assert said[1] == "The numbers are those of anna.token.\n"
    assert said[2].startswith("JupyterLab: http://localhost:")


# The rest is about archives; seqgrad without its steps, and no recorded answers, will do.


@pytest.fixture
def quick(monkeypatch):
    """Let releases be made in no time, by a package that records nothing."""

    def write(folder, withheld, *more):
        for name, content in package.make_files(withheld, ROOT).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    monkeypatch.setattr(package, "write_package", write)
    monkeypatch.setattr(sets, "record_set", lambda *given: None)


def test_without_a_roster_there_is_one_archive_and_the_secret_is_for_the_marks(quick, tmp_path, capsys):
    call(tmp_path, chapters="2-3")
    assert {path.as_posix() for path in contents(tmp_path)} == {
        "course-secret",
        "dist/.seqgrad-release",
        "dist/release.json",
        "dist/seqgrad-02-03.zip",
    }
    assert json.loads(pairs.read(tmp_path / "dist/release.json"))["students"] is None
    archive = (tmp_path / "dist/seqgrad-02-03.zip").read_bytes()
    assert "seqgrad-02-03.zip is for all, and was made." in capsys.readouterr().out
    call(tmp_path, chapters="2-3")
    assert "seqgrad-02-03.zip is for all, and has not changed." in capsys.readouterr().out
    (tmp_path / "course-secret").unlink()
    call(tmp_path, "--out", tmp_path / "other", chapters="2-3")
    assert (tmp_path / "other/seqgrad-02-03.zip").read_bytes() == archive


def test_the_autograder_lies_beside_what_is_given_out_and_says_what_it_is(quick, tmp_path, capsys):
    call(tmp_path, "--gradescope")
    names = {path.name for path in contents(tmp_path)}
    archives = {"seqgrad-02.zip", "seqgrad-02-gradescope.zip"}
    assert names == {"release.json", "course-secret", ".seqgrad-release"} | archives
    last = capsys.readouterr().out.splitlines()[-2]
    assert last.endswith("seqgrad-02-gradescope.zip: it holds the answers, and is for Gradescope alone.")


def test_pages_of_a_release_are_made_by_the_verb_that_makes_pages(quick, tmp_path, monkeypatch, capsys):
    commands, code = [], 0
    run = lambda command, **how: commands.append(command) or subprocess.CompletedProcess(command, code)  # noqa: E731
    monkeypatch.setattr(subprocess, "run", run)
    call(tmp_path, "--site", chapters="2-3")
    pages = tmp_path / "dist/seqgrad-02-03-site"
    assert commands == [
        [sys.executable, "-m", "tools", "site", "--release", "02,03", "--out", str(pages)],
    ]
    assert "seqgrad-02-03-site: the exercises as pages" in capsys.readouterr().out
    code = 1
    with pytest.raises(Refusal, match="^The archives are whole; the pages were not made"):
        call(tmp_path, "--site", chapters="2-3")


def test_the_same_input_gives_the_same_bytes_elsewhere(quick, tmp_path):
    write(tmp_path / "roster.csv", ROSTER)
    for name in ("one", "two"):
        call(tmp_path, "--roster", tmp_path / "roster.csv", "--out", tmp_path / name)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    with zipfile.ZipFile(tmp_path / "one/seqgrad-02.zip") as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {(entry.date_time, entry.external_attr >> 16) for entry in entries} == {(bundle.DATE, 0o100644)}


@pytest.mark.parametrize("text", ["id,name\n", 'Student,ID\n"Student, Test",1\n'])
def test_a_roster_without_a_student_is_refused(tmp_path, text):
    write(tmp_path / "roster.csv", text)
    with pytest.raises(Refusal, match="roster.csv names no student: below its header it has no line with"):
        call(tmp_path, "--roster", tmp_path / "roster.csv")


def test_a_new_student_is_one_new_token(quick, tmp_path, capsys):
    write(tmp_path / "roster.csv", ROSTER)
    call(tmp_path, "--roster", tmp_path / "roster.csv")
    before = contents(tmp_path / "dist/seqgrad-02")
    write(tmp_path / "roster.csv", ROSTER + "Zoë,Z\n")
    capsys.readouterr()
    call(tmp_path, "--roster", tmp_path / "roster.csv")
    said = capsys.readouterr().out.splitlines()
    assert said[0].endswith("has not changed.") and said[1].startswith("1 of 3 tokens were new or changed")
    after = contents(tmp_path / "dist/seqgrad-02")
    assert before.items() <= after.items() and len(after) == 3
    assert all(re.fullmatch(r"[a-z0-9_~@.-]+", path.name) for path in after)


@exhaustive
def test_a_class_of_thousands_has_files_of_a_few_bytes_each_in_no_time(quick, tmp_path):
    students = [f"s{number:05}" for number in range(3000)]
    write(tmp_path / "roster.csv", "\n".join(["id", *students]))
    began = time.process_time()
    call(tmp_path, "--roster", tmp_path / "roster.csv", chapters="4-5")
    assert time.process_time() - began < 15
    sizes = [path.stat().st_size for path in (tmp_path / "dist/seqgrad-04-05").iterdir()]
    assert len(sizes) == 3000 and max(sizes) < 1000


def test_another_secret_changes_every_token_so_it_is_refused_where_a_release_is(quick, tmp_path):
    write(tmp_path / "roster.csv", ROSTER)
    call(tmp_path, "--roster", tmp_path / "roster.csv")
    before = contents(tmp_path / "dist")
    known = json.loads(before[Path("release.json")])["secret"]
    secret = tmp_path / "course-secret"
    secret.rename(tmp_path / "kept")
    sentence = f"{tmp_path / 'dist'} was made with the secret {known}, but {secret} {{}}: give the file"
    with pytest.raises(Refusal) as refused:
        call(tmp_path, "--roster", tmp_path / "roster.csv")
    assert str(refused.value).startswith(sentence.format("is not there"))
    assert not secret.exists()

    call(tmp_path, "--roster", tmp_path / "roster.csv", "--out", tmp_path / "other")
    fingerprint = numbers.name_secret(numbers.read_secret(secret))
    with pytest.raises(Refusal) as refused:
        call(tmp_path, "--roster", tmp_path / "roster.csv")
    assert str(refused.value).startswith(sentence.format(f"holds the secret {fingerprint}"))
    assert contents(tmp_path / "dist") == before
    after = contents(tmp_path / "other")
    given_out = [name for name in before if name.suffix in (".zip", ".token")]
    assert len(given_out) == 3 and before.keys() == after.keys()
    assert all(before[name] != after[name] for name in given_out)


def test_a_release_that_gives_an_answer_away_is_refused_and_not_written(quick, tmp_path, monkeypatch):
    line = "a_next = np.tanh(Wax @ xt + Waa @ a_prev + ba)"
    monkeypatch.setattr(bundle, "make_readme", lambda *given: f"# Hello\n\n    {line}\n")
    with pytest.raises(Refusal) as refused:
        call(tmp_path)
    assert str(refused.value) == (
        f"README.md, line 3 holds `{line}`, a line of rnn_cell_forward, which is withheld; "
        "nothing was released."
    )
    assert not (tmp_path / "dist").exists()


def test_a_half_written_archive_is_made_again(quick, tmp_path):
    call(tmp_path)
    path = tmp_path / "dist/seqgrad-02.zip"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    call(tmp_path)
    assert path.read_bytes() == whole


def test_a_disk_that_is_full_leaves_no_draft(tmp_path, monkeypatch):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refusal, match="a.zip cannot be written: No space left on device"):
        bundle.write_archive(tmp_path / "a.zip", "a", {"b": b""})
    assert list(tmp_path.iterdir()) == []


def test_a_secret_that_would_be_given_out_is_refused(tmp_path):
    with pytest.raises(Refusal, match="course-secret lies in .*, which is given out; keep it elsewhere."):
        call(tmp_path, "--out", tmp_path)


def test_a_folder_that_cannot_be_made_is_refused(quick, tmp_path):
    write(tmp_path / "dist", "a file where a folder should be")
    with pytest.raises(Refusal, match="cannot be written: "):
        call(tmp_path)


@pytest.mark.parametrize("text", ["4,,5", "", "5-4", "1-2,", " "])
def test_what_is_no_list_of_chapters_is_refused(text, capsys):
    with pytest.raises(SystemExit):
        release.main(["--chapters", text])
    assert f"`{text}` is no list of chapters such as 4,5 or 2-5" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["seqgrad-02.zip", "release.json"])
def test_what_we_did_not_release_is_not_replaced(quick, tmp_path, name):
    write(tmp_path / "dist" / name, "mine")
    write(tmp_path / "dist/seqgrad-0.1.0.whl", "mine, too")
    before = contents(tmp_path / "dist")
    with pytest.raises(Refusal) as refused:
        call(tmp_path)
    assert str(refused.value).startswith(f"{tmp_path / 'dist'}")
    assert contents(tmp_path / "dist") == before
    (tmp_path / "dist" / name).unlink()
    call(tmp_path)
    assert (tmp_path / "dist/seqgrad-0.1.0.whl").read_text() == "mine, too"


def test_a_release_of_an_older_version_is_known_by_what_it_says_of_itself(quick, tmp_path):
    call(tmp_path)
    (tmp_path / "dist/.seqgrad-release").unlink()
    said = json.loads(pairs.read(tmp_path / "dist/release.json"))
    write(tmp_path / "dist/release.json", json.dumps({**said, "secret": None} | {"secret": ""}))
    call(tmp_path)


@exhaustive
def test_demonstrations_that_would_show_what_is_to_be_written_are_left_out_and_that_is_told(
    quick, tmp_path, capsys
):
    call(tmp_path, chapters="6,9")
    assert (
        "Left out of 09_find_the_mistake: demonstrations with lines of update_parameters_with_adam, which "
        "are to be written.\n"
    ) in capsys.readouterr().out
    with zipfile.ZipFile(tmp_path / "dist/seqgrad-06-09.zip") as archive:
        text = archive.read("seqgrad-06-09/notebooks/exercises/09_find_the_mistake.py").decode()
    assert "left out of this release: it shows lines of `update_parameters_with_adam`" in text


@pytest.mark.parametrize("count", ["0", "1001", "many"])
def test_a_number_of_sets_that_there_cannot_be_is_refused(count, capsys):
    with pytest.raises(SystemExit):
        release.main(["--chapters", "2", "--sets", count])
    assert "--sets" in capsys.readouterr().err


def test_interrupted_among_the_tokens_it_goes_on_from_there(quick, tmp_path, monkeypatch, capsys):
    write(tmp_path / "roster.csv", "\n".join(["id", *(f"student-{number}" for number in range(16))]))
    made = []

    def interrupted(*given):
        made.append(make_token(*given))
        if len(made) == 6:
            raise KeyboardInterrupt
        return made[-1]

    make_token = sets.make_token
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(sets, "make_token", interrupted)
        call(tmp_path, "--roster", tmp_path / "roster.csv")
    folder = tmp_path / "dist/seqgrad-02"
    assert sorted(path.read_text() for path in folder.iterdir()) == sorted(made[:5])
    capsys.readouterr()
    call(tmp_path, "--roster", tmp_path / "roster.csv")
    said = capsys.readouterr().out.splitlines()
    assert said[0].endswith("has not changed.") and said[1].startswith("11 of 16 tokens were new")
    assert len(list(folder.iterdir())) == 16
