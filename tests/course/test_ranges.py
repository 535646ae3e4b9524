"""Chapters are named as people name them."""

from tools.course.ranges import list_begins


def test_chapters_may_be_named_as_people_do():
    assert list_begins("4,5") == list_begins("04, 05") == ["04", "05"]
    assert list_begins("10,4_lstm") == ["10", "4_lstm"]
    assert list_begins("4-5") == list_begins("04 - 5") == ["04", "05"]
    assert list_begins("1-3,5,7-7") == ["01", "02", "03", "05", "07"]
