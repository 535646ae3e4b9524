"""Figures about exercises are those of statistics, and are left out where they would say nothing."""

from collections import Counter

from tests import pages
from tools.gradebook import figures

EXERCISES = (("easy", 1000), ("hard", 2000))


def text_of(html):
    return " ".join(pages.Page(f"<div>{html}</div>").text.split())


def test_quartiles_are_those_between_which_half_of_the_class_lies():
    assert figures.find_quartiles([0, 100, 200, 300, 1000]) == (100, 200, 300)
    assert figures.find_quartiles([5]) == (5, 5, 5)


def test_discrimination_is_the_correlation_with_all_other_exercises():
    scores = {"easy": list(range(0, 1000, 100)), "hard": list(range(0, 2000, 200))}
    assert figures.correlate(scores["easy"], scores["hard"]) == 1
    assert figures.correlate(scores["easy"], scores["hard"][::-1]) == -1
    said = text_of(figures.to_html(EXERCISES, scores, Counter(), []))
    assert "easy2.254.506.751010%0%1.00" in said and "Near 0 or below" in said


def test_where_it_would_say_nothing_there_is_a_dash():
    few = {"easy": [0, 1000], "hard": [0, 2000]}
    same = {"easy": [1000] * 20, "hard": list(range(20))}
    assert "50%50%–" in text_of(figures.to_html(EXERCISES, few, Counter(), []))
    assert "0%100%–" in text_of(figures.to_html(EXERCISES, same, Counter(), []))


def test_causes_are_counted_by_chapter_and_the_hours_since_the_release_by_day():
    scores = {"easy": [0], "hard": [0]}
    kinds = Counter({("04", "sign"): 3, ("05", "sign"): 1, ("05", "shape"): 2})
    said = text_of(figures.to_html(EXERCISES, scores, kinds, [1.0, 23.9, 30.0]))
    assert "CauseChapter 4Chapter 5The wrong sign31" in said
    assert "Day after the releaseStudents1221" in said
