"""A result is there as a whole or not at all, whoever is killed, and however many graders there are."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.marks import exhaustive
from tools import Refusal
from tools.grade.store import Store

ROOT = Path(__file__).parents[2]
RESULT = {"student": "anna", "digest": "d", "grader": "g", "notes": ["Zoë → ✓"]}


def another(code, folder):
    """Start another process that runs this code with a store of the folder."""
    code = (
        f"import os, sys, time\nfrom tools.grade.store import Store\nstore = Store({str(folder)!r})\n{code}"
    )
    return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def says(code, folder):
    """Return what another process prints."""
    return another(code, folder).communicate()[0].strip()


def test_a_result_that_was_written_is_read(tmp_path):
    store = Store(tmp_path / "new" / "results")
    assert store.read("anna") is None
    store.write("anna", RESULT)
    assert store.read("anna") == RESULT
    assert store.path("anna") == tmp_path / "new/results/anna.json"
    assert "Zoë → ✓" in store.path("anna").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("student", "digest", "grader", "current"),
    [
        ("anna", "d", "g", True),
        ("anna", "e", "g", False),
        ("anna", "d", "h", False),
        ("ben", "d", "g", False),
    ],
)
def test_a_result_is_current_for_its_submission_and_its_grader(tmp_path, student, digest, grader, current):
    store = Store(tmp_path)
    store.write("anna", RESULT)
    assert store.is_current(student, digest, grader) == current


@pytest.mark.parametrize("left", [b"", b'{"student": "an', b"\xff\xfe", b"[1]", b"null", b"[" * 100_000])
def test_what_is_no_result_counts_as_none(tmp_path, left):
    store = Store(tmp_path)
    (tmp_path / "anna.json").write_bytes(left)
    assert store.read("anna") is None
    assert not store.is_current("anna", "d", "g")
    store.write("anna", RESULT)
    assert store.is_current("anna", "d", "g")


def test_a_folder_with_somebody_elses_json_in_it_is_refused_and_stays_as_it_is(tmp_path):
    (tmp_path / "anna.json").write_text("mine")
    with pytest.raises(
        Refusal, match="holds anna.json, and not the mark of a folder that .* grade` has filled"
    ):
        Store(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["anna.json"]


@pytest.mark.parametrize("mark", [".lock", ".seqgrad-grade"])
def test_a_folder_of_results_is_known_by_its_mark_or_by_that_of_older_versions(tmp_path, mark):
    (tmp_path / "anna.json").write_text("{}")
    (tmp_path / mark).touch()
    Store(tmp_path).write("anna", RESULT)


def test_a_folder_knows_the_assignment_and_the_secret_of_its_results(tmp_path):
    store = Store(tmp_path)
    about = {"secret": "5ec2e700", "assignment": {"title": "seqgrad 04"}}
    store.write("anna", RESULT | about)
    store.write("ben", RESULT)
    (tmp_path / "carl.json").write_text("{")
    assert list(store.list_origins()) == [("seqgrad 04", "5ec2e700")]
    assert store.list_left(["anna", "carl"]) == ["ben.json"]


def test_text_that_has_no_encoding_does_not_stop_a_result(tmp_path):
    store = Store(tmp_path)
    store.write("anna", RESULT | {"notes": ["\ud800"]})
    assert store.read("anna")["notes"] == ["?"]


def test_a_result_that_cannot_be_written_leaves_the_one_before_and_no_draft(tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    store = Store(tmp_path)
    store.write("anna", RESULT)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left on device"):
        store.write("anna", RESULT | {"digest": "e"})
    assert store.read("anna") == RESULT
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", ".seqgrad-grade", "anna.json"]
    assert store.claim("anna")


def test_a_student_is_claimed_by_one_process_until_it_lets_go(tmp_path):
    store = Store(tmp_path)
    assert store.claim("anna")
    assert not store.claim("anna")
    assert says("print(store.claim('anna'), store.claim('ben'))", tmp_path) == "False True"
    store.release("anna")
    assert says("print(store.claim('anna'))", tmp_path) == "True"
    assert store.claim("anna")


def test_writing_keeps_a_claim_and_makes_none(tmp_path):
    store = Store(tmp_path)
    store.claim("anna")
    store.write("anna", RESULT)
    store.write("ben", RESULT | {"student": "ben"})
    assert says("print(store.claim('anna'), store.claim('ben'))", tmp_path) == "False True"


def test_other_stores_of_the_folder_in_this_process_change_nothing(tmp_path):
    assert Store(tmp_path).claim("anna")
    assert not Store(f"{tmp_path}/../{tmp_path.name}").claim("anna")
    Store(tmp_path).clean()
    assert says("print(store.claim('anna'))", tmp_path) == "False"


def test_threads_exclude_each_other(tmp_path):
    store, claims = Store(tmp_path), []
    threads = [threading.Thread(target=lambda: claims.append(store.claim("anna"))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert claims.count(True) == 1


def test_a_forked_process_does_not_have_the_claims_of_its_parent(tmp_path):
    code = """
store.claim('anna')
if os.fork() == 0:
    print(store.claim('anna'), store.claim('ben'), flush=True)
    os._exit(0)
os.wait()
print(store.claim('ben'))
"""
    assert says(code, tmp_path) == "False True\nTrue"


def test_the_claims_of_a_process_end_with_it(tmp_path):
    process = another("print(store.claim('anna'), flush=True); time.sleep(60)", tmp_path)
    assert process.stdout.readline() == "True\n"
    store = Store(tmp_path)
    assert not store.claim("anna")
    process.kill()
    process.communicate()
    assert store.claim("anna")


def test_drafts_are_removed_unless_somebody_is_writing_them(tmp_path):
    process = another(
        "store.claim('ben'); os.fsync = lambda _: (print('now', flush=True), time.sleep(60))\n"
        "store.write('ben', {'student': 'ben'})",
        tmp_path,
    )
    assert process.stdout.readline() == "now\n"
    (tmp_path / ".anna.json.123-456.draft").write_text('{"stud')
    (tmp_path / ".a.b-c@d~1.json.123-456.draft").write_text("")

    def drafts():
        Store(tmp_path)
        return [path.name.partition(".json")[0] for path in tmp_path.glob(".*.draft")]

    assert drafts() == [".ben"]
    process.kill()
    process.communicate()
    assert drafts() == []


@exhaustive
def test_a_writer_that_is_killed_at_any_moment_leaves_a_whole_result(tmp_path):
    code = """
number = 0
while True:
    number += 1
    store.write('anna', {'student': 'anna', 'number': number, 'text': 'x' * 100_000})
    print(number, flush=True)
"""
    for writes in range(1, 9):
        process = another(code, tmp_path)
        for _ in range(writes):
            seen = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        process.communicate()
        result = json.loads((tmp_path / "anna.json").read_text())
        assert result["number"] >= seen
        assert len(result["text"]) == 100_000


def test_two_writers_at_once_do_each_other_no_harm(tmp_path):
    code = "for number in range(40): store.write('anna', {'student': 'anna', 'text': 'x' * 10_000})"
    for process in [another(code, tmp_path) for _ in range(3)]:
        process.communicate()
        assert process.returncode == 0
    assert Store(tmp_path).read("anna")["text"] == "x" * 10_000
    assert not list(tmp_path.glob("*.draft"))


def test_a_folder_that_cannot_be_had_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Refusal, match=r"^Results cannot be kept in .*/file/results: Not a directory\.$"):
        Store(tmp_path / "file" / "results")
