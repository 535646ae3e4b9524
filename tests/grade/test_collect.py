"""Whatever way things are handed in, each student has one submission, and a sentence for what is amiss."""

import io
import os
import re
import socket
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools import Refusal
from tools.grade import collect as module
from tools.grade.collect import Submission, collect
from tools.grade.owners import MARKED_LATE
from tools.students.files import file_name

NOTEBOOK = b'{"cells": []}'


def lay_out(folder, *names, content=NOTEBOOK):
    """Write files with this content; return the folder."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def pack(path, files):
    """Write a zip file of these files, or of empty notebooks of these names; return its path."""
    files = files if isinstance(files, dict) else dict.fromkeys(files, NOTEBOOK)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def overview(path):
    """Return the names of the files by student."""
    return {one.student: [name for name, _ in one.files] for one in collect(path)}


def only(path):
    """Return the only submission."""
    (submission,) = collect(path)
    return submission


WAYS = {
    "a folder for each student": (
        ("anna/04_lstm_forward.ipynb", "anna/helpers/gates.py", "ben/04_lstm_forward.py"),
        {"anna": ["04_lstm_forward.ipynb", "helpers/gates.py"], "ben": ["04_lstm_forward.py"]},
    ),
    "ids in the names": (
        ("anna_04_lstm_forward.ipynb", "anna_05_x.py", "b-c_04_lstm_forward.ipynb", "dora.ipynb", "eva.zip"),
        {
            "anna": ["04_lstm_forward.ipynb", "05_x.py"],
            "b-c": ["04_lstm_forward.ipynb"],
            "dora": ["dora.ipynb"],
            "eva": ["eva.zip"],
        },
    ),
    "as Canvas names them": (
        (
            "doejane_12345_678901_04_lstm_forward-1.ipynb",
            "doejane_12345_678902_05_lstm_backward.ipynb",
            "doejane_LATE_777_678903_hand in.ipynb",
            "LATE_anon_aB3dE_678904_04_lstm_forward.ipynb",
            "anon_x9Yz1_678905_04_lstm_forward.ipynb",
            "müllerjörg_1_999_report.pdf",
        ),
        {
            "anon_aB3dE": ["04_lstm_forward.ipynb"],
            "anon_x9Yz1": ["04_lstm_forward.ipynb"],
            "doejane_12345": ["04_lstm_forward-1.ipynb", "05_lstm_backward.ipynb"],
            "doejane_777": ["hand in.ipynb"],
            "müllerjörg_1": [],
        },
    ),
    "as nbgrader keeps them": (
        (
            "source/lstm/04_lstm_forward.ipynb",
            "submitted/anna/lstm/04_lstm_forward.ipynb",
            "submitted/anna/lstm/timestamp.txt",
            "submitted/ben/lstm/04_lstm_forward.ipynb",
        ),
        {"anna": ["lstm/04_lstm_forward.ipynb"], "ben": ["lstm/04_lstm_forward.ipynb"]},
    ),
    "as Moodle names folders": (
        (
            "Jane Doe_4711_assignsubmission_file_/04_lstm_forward.ipynb",
            "Jane Doe_4711_assignsubmission_onlinetext_/onlinetext.html",
            "Zoë O'Hara_4712_assignsubmission_file_/work/04.ipynb",
        ),
        {"Jane Doe_4711": ["04_lstm_forward.ipynb"], "Zoë O'Hara_4712": ["work/04.ipynb"]},
    ),
    "as Moodle names files": (
        ("Jane Doe_4711_assignsubmission_file_04_lstm_forward.ipynb", "Al_1_assignsubmission_file_a.zip"),
        {"Al_1": ["a.zip"], "Jane Doe_4711": ["04_lstm_forward.ipynb"]},
    ),
    "as Blackboard names attempts": (
        (
            "Lab_4 LSTM_jdoe_attempt_2026-11-20-10-15-30_04_lstm_forward.ipynb",
            "Lab_4 LSTM_jdoe_attempt_2026-11-20-10-15-30_old.ipynb",
            "Lab_4 LSTM_jdoe_attempt_2026-11-20-10-15-30.txt",
            "Lab_4 LSTM_jdoe_attempt_2026-11-21-09-00-00_04_lstm_forward.ipynb",
            "Lab_4 LSTM_jdoe_attempt_2026-11-21-09-00-00.txt",
            "Lab_4 LSTM_al_attempt_2026-11-20-10-15-31_04_lstm_forward.ipynb",
        ),
        {"al": ["04_lstm_forward.ipynb"], "jdoe": ["04_lstm_forward.ipynb"]},
    ),
    "in a folder around the class": (
        ("class/anna/04_lstm.ipynb", "class/ben/04_lstm.ipynb", ".DS_Store"),
        {"anna": ["04_lstm.ipynb"], "ben": ["04_lstm.ipynb"]},
    ),
    "saved as json": (
        ("anna/04_lstm_forward.json", "grades.json", "ben/04.ipynb.json"),
        {"anna": ["04_lstm_forward.json"], "ben": ["04.ipynb.json"]},
    ),
    "checkpoints alone": (
        ("anna/.ipynb_checkpoints/04-checkpoint.ipynb", "ben/04.ipynb", "ben/.venv/.ipynb_checkpoints/x.py"),
        {"anna": [".ipynb_checkpoints/04-checkpoint.ipynb"], "ben": ["04.ipynb"]},
    ),
    "as one student's folder": (
        ("04_lstm_forward.ipynb", "05_lstm_backward.ipynb"),
        {"handed": ["04_lstm_forward.ipynb", "05_lstm_backward.ipynb"]},
    ),
    "beside what programs leave": (
        (
            "anna/04.ipynb",
            "anna/.ipynb_checkpoints/04-checkpoint.ipynb",
            "anna/__MACOSX/._04.ipynb",
            "anna/.DS_Store",
            "anna/.venv/lib/x.py",
            "__MACOSX/anna/._04.ipynb",
            ".DS_Store",
            "grades.csv",
        ),
        {"anna": ["04.ipynb"]},
    ),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
def test_each_way_of_handing_in_is_understood(tmp_path, way, packed):
    names, expected = WAYS[way]
    path = pack(tmp_path / "handed.zip", names) if packed else lay_out(tmp_path / "handed", *names)
    assert overview(path) == expected


@pytest.mark.parametrize(
    ("names", "students"),
    [
        (["class/anna/04.ipynb", "class/ben/04.ipynb", "__MACOSX/class/anna/._04.ipynb"], ["anna", "ben"]),
        (["class/anna_04_lstm.ipynb", "class/ben_04_lstm.ipynb"], ["anna", "ben"]),
        (["handed/anna/04.ipynb"], ["anna"]),
        (["anna/04_lstm.ipynb", "anna/05_lstm.ipynb"], ["anna"]),
        (["course/submitted/anna/lstm/04.ipynb", "course/release/lstm/04.ipynb"], ["anna"]),
    ],
)
def test_a_folder_that_was_packed_as_a_whole_is_looked_into(tmp_path, names, students):
    assert list(overview(pack(tmp_path / "handed.zip", names))) == students


@pytest.mark.parametrize(
    ("name", "names", "students"),
    [
        ("class.zip", ["class/anna/04.ipynb", "class/ben/04.ipynb"], ["anna", "ben"]),
        (
            "submissions.zip",
            ["doejane_12345_678901_04.ipynb", "alben_777_678902_04.ipynb"],
            ["alben_777", "doejane_12345"],
        ),
        ("anna.zip", ["04.ipynb", "old/04.ipynb"], ["anna"]),
        ("anna.zip", ["work/04.ipynb", "work/old/04.ipynb"], ["anna"]),
        ("anna.zip", ["work/04.ipynb", "notes/05.ipynb"], ["anna"]),
    ],
)
def test_the_archive_of_a_class_that_lies_alone_in_a_folder_is_not_one_students(
    tmp_path, name, names, students
):
    folder = lay_out(tmp_path / "submissions", ".DS_Store")
    pack(folder / name, names)
    assert list(overview(folder)) == students


GRADESCOPE = """\
submission_11:
  :submitters:
  - :name: "Anna \\u00c4rger"
    :sid: '100'
    :email: anna@example.edu
  :created_at: 2026-11-01 10:00:00 Z
  :results:
    tests:
    - output: |-
        submission_12:
          :submitters:
          - :sid: forged
submission_12:
  :submitters:
  - :name: Ben O'Hara
    :sid:
    :email: ben@example.edu
  - :name: 'Cy O''Hara'
    :sid: s-300
submission_13:
  :submitters: []
"""


CLAIMS = {
    "Gradescope's list": {"submission_metadata.yml": GRADESCOPE.encode(), "submission_11/04.ipynb": NOTEBOOK},
    "nbgrader's folder": ["submitted/ada/01.py", "submitted/bela/01.py"],
    "folders": ["ada/01.ipynb", "bela/01.ipynb"],
    "names with ids": ["ada_04_lstm.ipynb", "bela_04_lstm.ipynb"],
    "what Canvas writes": ["ada_1_678901_04.ipynb", "bela_2_678902_04.ipynb"],
    "what Moodle writes": [f"{one}_1_assignsubmission_file_/04.ipynb" for one in ("ada", "bela")],
}


@pytest.mark.parametrize("way", ["a folder", "a folder in a zip", "a zip"])
@pytest.mark.parametrize("claim", CLAIMS)
def test_who_has_handed_in_is_not_said_by_what_is_handed_in(tmp_path, claim, way):
    """A hand-in that lies alone, and holds what looks like the work of others, is its own student's."""
    files = CLAIMS[claim] if isinstance(CLAIMS[claim], dict) else dict.fromkeys(CLAIMS[claim], NOTEBOOK)
    inside, path = {f"eve/{name}": content for name, content in files.items()}, tmp_path / "handed"
    if way == "a folder":
        for name, content in inside.items():
            lay_out(path, name, content=content)
    elif way == "a folder in a zip":
        path = pack(tmp_path / "handed.zip", inside)
    else:
        path.mkdir()
        pack(path / "eve.zip", files)
    assert [one.student for one in collect(path)] == ["eve"]


def test_a_zip_whose_files_share_one_body_costs_no_more_than_is_read_of_it(tmp_path):
    """Each of 200 members unpacks to 32 MB; together they are read once, to the limit of a submission."""
    packed = io.BytesIO(zipped({"0.py": bytes(31_000_000)}))
    with zipfile.ZipFile(packed, "a") as archive:
        (first,) = archive.infolist()
        for number in range(1, 300):
            another = zipfile.ZipInfo(f"{number}.py")
            for name in ("header_offset", "CRC", "compress_size", "file_size", "compress_type", "flag_bits"):
                setattr(another, name, getattr(first, name))
            archive.filelist.append(another)
        archive._didModify = True
    found = only(lay_out(tmp_path, "anna/hw.zip", content=packed.getvalue())).read()
    assert sum(isinstance(content, bytes) for content in found.values()) <= 2
    assert any("all files together are more than 64 MB" in str(content) for content in found.values())


def test_late_is_noted_and_what_canvas_calls_a_student_is_kept(tmp_path):
    submission = only(lay_out(tmp_path, "doejane_LATE_777_678903_04_lstm_forward.ipynb"))
    assert submission.notes == (MARKED_LATE,)
    assert submission.ids == ("777",)


def test_what_was_typed_into_canvas_is_a_submission_without_a_notebook(tmp_path):
    submission = only(lay_out(tmp_path, "doejane_LATE_777_text.html"))
    assert (submission.student, submission.ids) == ("doejane_777", ("777",))
    assert submission.notes == (
        MARKED_LATE,
        "Nothing that can be graded was handed in: no .ipynb, .py or .zip, only `text.html`.",
    )


def test_of_several_attempts_the_last_one_counts_and_that_is_said(tmp_path):
    """In whatever order they are found."""
    for days in (("20", "21"), ("21", "20")):
        names = [f"Lab_jdoe_attempt_2026-11-{day}-10-00-00_{day}.ipynb" for day in days]
        submission = only(pack(tmp_path / "class.zip", names))
        assert [name for name, _ in submission.files] == ["21.ipynb"]
        note = "There are several attempts; the last one, of 2026-11-21-10-00-00, was graded."
        assert submission.notes == (note,)


def test_that_only_checkpoints_were_handed_in_is_said(tmp_path):
    submission = only(lay_out(tmp_path, "anna/.ipynb_checkpoints/04-checkpoint.ipynb"))
    (note,) = submission.notes
    assert note == "Only checkpoints were handed in, the copies that Jupyter keeps; these were graded."
    assert submission.read() == {".ipynb_checkpoints/04-checkpoint.ipynb": NOTEBOOK}


def test_a_zip_in_three_others_is_not_opened(tmp_path):
    inner = zipped(["04.ipynb"])
    for number in range(3):
        inner = zipped({f"{number}.zip": inner})
    found = only(lay_out(tmp_path, "anna/work.zip", content=inner)).read()
    (text,) = found.values()
    assert text == "`work.zip/2.zip/1.zip/0.zip` is a zip file inside 3 others and was not opened."


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
def test_gradescope_says_who_submitted_what_and_a_group_is_each_of_its_members(tmp_path, packed):
    names = [f"export/submission_{number}/04.ipynb" for number in (11, 12, 13, 14)]
    files = dict.fromkeys(names, NOTEBOOK) | {"export/submission_metadata.yml": GRADESCOPE.encode()}
    path = pack(tmp_path / "export.zip", files)
    if packed:
        found = collect(path)
    else:
        zipfile.ZipFile(path).extractall(tmp_path)
        found = collect(tmp_path / "export")
    assert {one.student: one.ids for one in found} == {
        "100": ("anna@example.edu", "Anna Ärger"),
        "ben@example.edu": ("Ben O'Hara",),
        "s-300": ("Cy O'Hara",),
        "submission_13": (),
        "submission_14": (),
    }
    assert {tuple(name for name, _ in one.files) for one in found} == {("04.ipynb",)}


def test_a_list_of_submitters_that_is_nested_without_end_is_refused(tmp_path):
    """Loading it would end the process: YAML's C code has no limit."""
    listing = "submission_11:\n  :submitters:\n  - " + "- " * 500_000 + "x\n"
    files = {"submission_11/04.ipynb": NOTEBOOK, "submission_metadata.yml": listing.encode()}
    with pytest.raises(Refusal, match="submission_metadata.yml is damaged at `submission_11:`"):
        collect(pack(tmp_path / "export.zip", files))


def test_what_is_no_file_of_a_student_is_not_opened_and_said(tmp_path):
    anna = lay_out(tmp_path / "anna", "04.ipynb").resolve()
    (anna / "secret.py").symlink_to("/etc/passwd")
    (anna / "all").symlink_to("/")
    (tmp_path / "eve").symlink_to("/etc")
    os.mkfifo(anna / "pipe.ipynb")
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(anna / "door.py"))
        found = {one.student: one for one in collect(tmp_path)}
    assert [name for name, _ in found["anna"].files] == ["04.ipynb"]
    assert found["anna"].notes == (
        "`all` is a link and was not followed.",
        "`door.py` is no ordinary file and was not opened.",
        "`pipe.ipynb` is no ordinary file and was not opened.",
        "`secret.py` is a link and was not followed.",
    )
    assert found["eve"].notes == ("`eve` is a link and was not followed.",)


def test_a_file_that_becomes_a_link_or_a_pipe_later_is_not_opened_either(tmp_path):
    submission = only(lay_out(tmp_path, "anna/04.ipynb", "anna/05.ipynb", "anna/06.ipynb").resolve())
    for number in ("04", "05", "06"):
        (tmp_path / f"anna/{number}.ipynb").unlink()
    (tmp_path / "anna/04.ipynb").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "anna/05.ipynb")
    found = submission.read()
    assert re.fullmatch("`04.ipynb` cannot be read: .*symbolic links.*", found["04.ipynb"])
    assert found["05.ipynb"] == "`05.ipynb` is no ordinary file and was not opened."
    assert found["06.ipynb"] == "`06.ipynb` cannot be read: No such file or directory."


def test_a_folder_that_becomes_a_link_later_is_not_gone_through_either(tmp_path):
    handed = tmp_path / "handed"
    submission = only(lay_out(handed, "anna/part/04.ipynb", "anna/05.ipynb").resolve())
    lay_out(tmp_path / "other", "04.ipynb")
    (handed / "anna/part").rename(tmp_path / "moved")
    (handed / "anna/part").symlink_to(tmp_path / "other")
    found = submission.read()
    assert re.fullmatch("`part/04.ipynb` cannot be read: .*", found["part/04.ipynb"])
    assert isinstance(found["05.ipynb"], bytes)


def test_a_large_file_is_never_read(tmp_path):
    lay_out(tmp_path, "anna/04.ipynb")
    with (tmp_path / "anna/05.ipynb").open("wb") as file:
        file.truncate(200_000_000)
    tracemalloc.start()
    submission = only(tmp_path)
    assert list(submission.read()) == ["04.ipynb"]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000
    assert submission.notes == ("`05.ipynb` has 200 MB; only files of up to 32 MB are read.",)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may open everything")
def test_what_may_not_be_opened_is_said(tmp_path):
    lay_out(tmp_path, "anna/04.ipynb", "ben/04.ipynb")
    (tmp_path / "anna/04.ipynb").chmod(0)
    (tmp_path / "ben").chmod(0)
    anna, ben = collect(tmp_path)
    (tmp_path / "ben").chmod(0o700)
    assert anna.read() == {"04.ipynb": "`04.ipynb` cannot be read: Permission denied."}
    assert ben.notes == ("`ben` cannot be opened: Permission denied.",)


def test_who_has_handed_in_nothing_is_told_so(tmp_path):
    lay_out(
        tmp_path, "anna/essay.pdf", "anna/a.docx", "anna/b.png", "anna/x/c.png", "ben/04.ipynb", content=b""
    )
    (tmp_path / "cy").mkdir()
    assert [one.notes for one in collect(tmp_path)] == [
        (
            "Nothing that can be graded was handed in: no .ipynb, .py or .zip, only `a.docx`, `b.png`, "
            "`essay.pdf` and 1 more.",
        ),
        ("`04.ipynb` is empty.",),
        ("Nothing was handed in.",),
    ]


def test_names_cannot_break_a_sentence(tmp_path):
    name = "a\x1b[31m\n" + "b" * 100 + ".ipynb"
    (note,) = only(lay_out(tmp_path, f"anna/{name}", content=b"")).notes
    assert note.isprintable()
    assert re.fullmatch(
        "`a\N{REPLACEMENT CHARACTER}\\[31m\N{REPLACEMENT CHARACTER}b+…b+.ipynb` is empty.", note
    )


def zipped(files):
    """Return the bytes of a zip file."""
    return pack(file := io.BytesIO(), files) and file.getvalue()


def test_a_students_own_zip_is_opened_and_a_zip_in_it(tmp_path):
    files = {
        "work/04.ipynb": NOTEBOOK,
        "../../escape.py": b"x = 1",
        "/absolute.py": b"y = 1",
        "work/in.zip": zipped(["04.ipynb"]),
        "work/bomb.py": b"\0" * 40_000_000,
        "__MACOSX/work/._04.ipynb": b"",
        "work/data.csv": b"1,2",
    }
    submission = only(lay_out(tmp_path, "anna/work.zip", content=zipped(files)))
    assert submission.read() == {
        "work.zip/work/04.ipynb": NOTEBOOK,
        "work.zip/escape.py": b"x = 1",
        "work.zip/absolute.py": b"y = 1",
        "work.zip/work/in.zip/04.ipynb": NOTEBOOK,
        "work.zip/work/bomb.py": "`work.zip/work/bomb.py` unpacks to more than 32 MB, which are not read.",
    }


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"Rar!\x1a\x07", "is no zip file, or breaks off"),
        (zipped(["04.ipynb"])[:-30], "is no zip file, or breaks off"),
        (zipped(["essay.pdf"]), "holds no notebook"),
    ],
    ids=["no zip", "cut off", "an essay"],
)
def test_a_zip_without_a_notebook_says_so(tmp_path, content, reason):
    assert only(lay_out(tmp_path, "anna/hw.zip", content=content)).read() == {"hw.zip": f"`hw.zip` {reason}."}


def test_a_zip_of_very_many_files_is_read_to_a_limit(tmp_path):
    lay_out(tmp_path, "anna/hw.zip", content=zipped([f"{number}.py" for number in range(1_000)]))
    found = only(tmp_path).read()
    assert len(found) == 201
    assert found["hw.zip"] == "`hw.zip` holds more than 200 files; those that came first were read."


def test_what_lies_deeper_than_anybody_sorts_files_is_not_looked_for(tmp_path):
    near, far = (f"anna/{'in/' * depth}04.ipynb" for depth in (11, 12))
    assert [name for name, _ in only(lay_out(tmp_path, near, far)).files] == [near.removeprefix("anna/")]


def test_a_zip_by_the_name_of_a_notebook_is_opened_too(tmp_path):
    submission = only(lay_out(tmp_path, "anna/hw.ipynb", content=zipped(["04.ipynb"])))
    assert submission.read() == {"hw.ipynb/04.ipynb": NOTEBOOK}


def test_all_files_together_have_a_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "TOTAL_LIMIT", 2_000_000)
    files = {f"{number}.py": bytes(900_000) for number in range(4)}
    lay_out(tmp_path, "anna/hw.zip", content=zipped(files))
    found = only(tmp_path).read()
    assert [name for name, content in found.items() if isinstance(content, bytes)] == [
        "hw.zip/0.py",
        "hw.zip/1.py",
    ]
    assert found["hw.zip/3.py"] == "`hw.zip/3.py` was not read: all files together are more than 2 MB."


def test_a_name_that_is_there_twice_is_noted_and_the_later_one_counts(tmp_path):
    with (
        zipfile.ZipFile(tmp_path / "class.zip", "w") as archive,
        pytest.warns(UserWarning, match="Duplicate"),
    ):
        archive.writestr("anna/04.ipynb", b"first")
        archive.writestr("anna/04.ipynb", b"second")
    submission = only(tmp_path / "class.zip")
    assert submission.read() == {"04.ipynb": b"second"}
    assert submission.notes == ("`04.ipynb` is there twice; the later one counts.",)


def test_ten_thousand_files_of_one_student_are_no_burden(tmp_path):
    pack(tmp_path / "class.zip", [f"anna/{number}.py" for number in range(10_000)])
    submission = only(tmp_path / "class.zip")
    assert len(submission.files) == 200
    assert submission.notes == ("Of more than 200 files, those that came first were read.",)


def test_a_class_costs_little_memory_and_its_contents_none(tmp_path):
    path = pack(tmp_path / "class.zip", [f"s{number}/04_lstm_forward.ipynb" for number in range(2_000)])
    tracemalloc.start()
    submissions = collect(path)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(submissions) == 2_000
    assert held < 2_000 * 2_000  # bytes


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
def test_a_digest_changes_with_names_contents_and_notes_and_with_nothing_else(tmp_path, packed):
    def digest(files, folder):
        (tmp_path / folder).mkdir()
        if packed:
            path = pack(
                tmp_path / folder / "class.zip", {f"anna/{name}": text for name, text in files.items()}
            )
        else:
            path = tmp_path / folder
            for name, text in files.items():
                lay_out(path, f"anna/{name}", content=text)
        return only(path).digest()

    same = digest({"04.ipynb": b"a", "05.ipynb": b"b"}, "one")
    assert digest({"05.ipynb": b"b", "04.ipynb": b"a", "data.csv": b"x"}, "two") == same
    others = [{"04.ipynb": b"ab", "05.ipynb": b""}, {"04.ipynb": b"b", "05.ipynb": b"a"}, {"04.ipynb": b"a"}]
    assert len({same, *(digest(files, str(number)) for number, files in enumerate(others))}) == 4


def test_submissions_are_in_the_order_of_the_students(tmp_path):
    names = ["Zoe", "anna", "Ben", "éva", "10", "9"]
    found = [one.student for one in collect(lay_out(tmp_path, *(f"{name}/04.ipynb" for name in names)))]
    assert found == sorted(names)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("gone", None, "gone is not there."),
        ("class.rar", b"Rar!", "class.rar is not a folder, and it is no zip file, or breaks off."),
        ("class.zip", zipped([]), "class.zip holds no submission: .*"),
    ],
)
def test_what_cannot_be_a_class_is_refused(tmp_path, name, content, sentence):
    if content is not None:
        lay_out(tmp_path, name, content=content)
    with pytest.raises(Refusal, match=f"^{re.escape(str(tmp_path))}/{sentence}$"):
        collect(tmp_path / name)


# The name of a result.

STUDENTS = st.text(max_size=300) | st.sampled_from(
    ["", ".", "..", "../x", "/etc/passwd", "con", "NUL.txt", "a" * 300]
)


@given(STUDENTS)
def test_a_result_has_a_name_that_is_safe_on_every_file_system(student):
    name = file_name(student)
    assert re.fullmatch(r"[a-z0-9_][a-z0-9_.@~-]*\.json", name)
    assert len(name) <= 110
    assert name.partition(".")[0] not in ("con", "prn", "aux", "nul", "com1", "lpt9")


@given(STUDENTS, STUDENTS)
def test_no_two_students_share_a_name_even_where_case_does_not_count(one, other):
    if one != other:
        assert file_name(one).lower() != file_name(other).lower()


def test_ids_stay_readable():
    assert file_name("anna") == "anna.json"
    assert file_name("doejane_12345") == "doejane_12345.json"
    assert file_name("a.smith@example.edu", ".html") == "a.smith@example.edu.html"
    assert re.fullmatch(r"anna~[0-9a-f]{16}\.json", file_name("Anna"))
    assert re.fullmatch(r"zoe_mu_ller~[0-9a-f]{16}\.json", file_name("Zoë Mu_ller"))
    assert file_name(file_name("Anna").removesuffix(".json")) != file_name("Anna")


def test_a_submission_can_be_made_by_hand():
    assert Submission("anna", ()).read() == {}
