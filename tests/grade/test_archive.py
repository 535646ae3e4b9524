"""A zip file is read as it stands, within bounds, and believed in nothing."""

import io
import random
import struct
import tracemalloc
import zipfile

import pytest

from tests.marks import exhaustive
from tools.grade.archive import BROKEN, DAMAGED, RECORD, RECORDS, Unreadable, Zip, open_bytes, open_path

LIMIT = 1_000_000


def packed(files, method=zipfile.ZIP_DEFLATED):
    """Return a zip file of these files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file


def read_all(file, limit=LIMIT):
    """Return for each member what it holds or why it cannot be read."""
    found, opened = {}, Zip(file)
    for member in opened.list_members():
        try:
            found[member.name] = opened.read_content(member.number, limit)
        except Unreadable as reason:
            found[member.name] = str(reason)
    return found


def with_field(file, mark, place, value):
    """Return a zip file with another value in a field of two bytes of each part with this mark."""
    data = bytearray(file.getvalue())
    begin = data.find(mark)
    while begin >= 0:
        data[begin + place : begin + place + 2] = value.to_bytes(2, "little")
        begin = data.find(mark, begin + 1)
    return io.BytesIO(bytes(data))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_what_was_packed_comes_out(method):
    files = {"a/b.py": b"x = 1\n" * 1000, "ä.ipynb": random.Random(1).randbytes(200_000), "empty": b""}
    assert read_all(packed(files, method)) == files


def test_what_stands_in_front_of_an_archive_does_no_harm():
    files = {"a.py": b"x = 1\n"}
    assert read_all(io.BytesIO(b"#!/bin/sh\n" + packed(files).getvalue())) == files


@exhaustive
def test_an_archive_with_more_members_than_its_old_form_can_count_is_read_in_little_memory():
    data = packed({"a": b""}, zipfile.ZIP_STORED).getvalue()
    begin, end = data.find(b"PK\1\2"), data.find(b"PK\5\6")
    records = 70_000 * data[begin:end]
    sizes = (70_000, 70_000, len(records), begin)
    end_64 = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, *sizes)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, begin + len(records), 1)
    old_end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, *[0xFFFF] * 2, *[0xFFFFFFFF] * 2, 0)
    file = io.BytesIO(data[:begin] + records + end_64 + locator + old_end)
    tracemalloc.start()
    opened = Zip(file)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(opened.list_members()) == 70_000
    assert peak < 100_000_000


def test_an_archive_of_a_student_with_endless_members_is_not_opened():
    with pytest.raises(Unreadable, match=r"^holds more than 100,000 files and was not opened$"):
        open_bytes(packed({"a": b""}).getvalue() + (RECORDS + 1) * RECORD)


def test_the_directory_of_a_class_is_read_once_and_again_when_the_file_has_changed(tmp_path):
    path = tmp_path / "class.zip"
    path.write_bytes(packed({"a": b"1"}).getvalue())
    first = open_path(path)
    assert open_path(path) is first
    path.write_bytes(packed({"a": b"1", "b": b"22"}).getvalue())
    assert open_path(path).read_content(1, LIMIT) == b"22"


def test_sizes_of_64_bits_are_read():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive, archive.open("a.py", "w", force_zip64=True) as member:
        member.write(b"x = 1\n")
    assert read_all(file) == {"a.py": b"x = 1\n"}


def test_a_bomb_is_stopped_at_the_limit():
    file = packed({"bomb": b"\0" * 10_000_000})
    tracemalloc.start()
    assert read_all(file) == {"bomb": "unpacks to more than 1 MB, which are not read"}
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3 * LIMIT


def test_a_bomb_that_understates_its_size_is_stopped_too():
    file = packed({"bomb": b"\0" * 10_000_000})
    data = file.getvalue().replace((10_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert read_all(io.BytesIO(data)) == {"bomb": DAMAGED}  # no more is unpacked than the size that it claims


@pytest.mark.parametrize(
    ("place", "value", "reason"),
    [
        (8, 0x1, "is encrypted and cannot be read"),
        (10, 12, "is packed in a way that is not read here (method 12)"),
        (40, 0o120777, "is a link and was not followed"),
        (40, 0o010644, "is no ordinary file and was not opened"),
    ],
)
def test_what_cannot_be_read_says_why(place, value, reason):
    assert read_all(with_field(packed({"a": b"abc"}), b"PK\1\2", place, value)) == {"a": reason}


def test_names_in_other_encodings_are_read_as_well_as_can_be():
    file = packed({"a_.py": b""})
    for name, read in ((b"\xc3\xa4.py", "ä.py"), (b"a\x84.py", "aä.py"), (b"a\\.py", "a/.py")):
        data = file.getvalue().replace(b"a_.py", name)
        assert [member.name for member in open_bytes(data).list_members()] == [read]


@pytest.mark.parametrize("data", [b"", b"PK", b"Rar!\x1a\x07", b"<html>" * 50, b"PK\5\6" + b"\xff" * 18])
def test_what_is_no_archive_is_said_to_be_none(data):
    with pytest.raises(Unreadable, match=f"^{BROKEN}$"):
        open_bytes(data)


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_archive_never_does_more_than_say_so(seed):
    draw = random.Random(seed)
    data = bytearray(packed({"a.py": b"x = 1\n" * 100, "b.ipynb": draw.randbytes(500)}).getvalue())
    for _ in range(draw.randint(1, 5)):
        data[draw.randrange(len(data))] = draw.randrange(256)
    data = data[: len(data) - draw.choice([0, 0, 0, 40])]
    try:
        found = read_all(io.BytesIO(data))
    except Unreadable as reason:
        assert str(reason) == BROKEN
    else:
        assert all(isinstance(what, (bytes, str)) for what in found.values())


def test_a_changed_byte_is_noticed():
    data = bytearray(packed({"a": b"abcdef"}, zipfile.ZIP_STORED).getvalue())
    data[data.find(b"abcdef")] ^= 1
    assert read_all(io.BytesIO(data)) == {"a": DAMAGED}
