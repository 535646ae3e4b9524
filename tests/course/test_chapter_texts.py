"""How the chapters are written: what stands where, how much at a time, in which words."""

import ast
import re
import statistics
from pathlib import Path

import pytest

from tools.course import chapters, pairs

ROOT = Path(__file__).parents[2]
NAMES = pairs.list_chapters(ROOT)
SOURCES = {name: pairs.read(ROOT / "notebooks/source" / f"{name}.py") for name in NAMES}
PAGES = ("recap.md", "symbols.md", "glossary.md")

# Turns of phrase that a reader whose English is weak has to read twice.
WORST = r"too many(?! \w)|is no function|stands for|\bthat one[.,;:]|as it stands|by way of|delete the prefix"
PARTS = ("What you will do", "What you will know", "What is assumed", "Time")
each_chapter = pytest.mark.parametrize("name", NAMES)


def read_cells(name):
    """Return the cells of a chapter."""
    return chapters.read_source_cells(ROOT / "notebooks/source" / f"{name}.py", ROOT)


def texts(name):
    """Return the text cells of a chapter."""
    return [cell.source for cell in read_cells(name) if cell.cell_type == "markdown"]


@each_chapter
def test_a_chapter_opens_with_its_number_what_you_will_do_and_how_long_it_takes(name):
    opening = texts(name)[0]
    assert re.match(rf"# Chapter {int(name[:2])}\. [A-Z][^.]+\n", opening)
    said = [opening.find(f"**{part}.**") for part in PARTS]
    assert said == sorted(said) and said[0] > 0
    assert re.search(r"\*\*Time\.\*\* About (\d+ minutes|\d hours)", opening)


@each_chapter
def test_an_exercise_says_how_much_it_is_what_is_given_and_what_to_write_and_helps_in_a_fold(name):
    cells = read_cells(name)
    for place, cell in enumerate(cells):
        if "exercise" in cell.metadata:
            task = cells[place - 1].source
            assert re.search(r"\*About \d+ lines?, \d+ minutes, [★☆]{3}\*", task), cell.source
            assert "**Given:**" in task and "**Write:**" in task
            after = [following.source for following in cells[place + 2 : place + 4]]
            assert after[0].startswith("<details><summary>If you are stuck</summary>\n\n")
            assert re.match(r"\*\*Why th(is|ese) lines?\.\*\* ", after[1])
            assert cells[place + 3].metadata["only"] == "solutions"


@each_chapter
def test_questions_at_the_end_have_answers_in_the_solutions_alone(name):
    cells = read_cells(name)
    end = next(k for k, cell in enumerate(cells) if cell.source.startswith("## Try it yourself"))
    answers, *_, reading = cells[end + 1 :]
    assert answers.source.startswith("### Answers") and reading.source.startswith("## Further reading")
    assert all(cell.metadata.get("only") == "solutions" for cell in cells[end + 1 : -1])
    assert any(cell.cell_type == "code" for cell in cells[end + 1 : -1])


@each_chapter
def test_one_idea_to_a_cell(name):
    words = [len(re.sub(r"\$\$.*?\$\$", "", text, flags=re.DOTALL).split()) for text in texts(name)]
    lines = [len(cell.source.splitlines()) for cell in read_cells(name) if cell.cell_type == "code"]
    assert statistics.median(words) <= 60
    assert statistics.median(lines) <= 8
    assert statistics.quantiles(lines, n=10)[-1] <= 22  # blank lines and docstrings count here


@each_chapter
def test_a_figure_has_a_caption_with_its_number(name):
    cells = read_cells(name)
    numbers = re.findall(rf"\*Figure {int(name[:2])}\.(\d+)\. ", "\n".join(texts(name)))
    assert list(map(int, numbers)) == list(range(1, len(numbers) + 1))
    for cell, following in zip(cells, cells[1:], strict=False):
        if re.search(r"^(figures\.show|widgets\.slide)\(", cell.source, re.M) and "only" not in cell.metadata:
            assert following.source.startswith("*Figure "), cell.source


@each_chapter
def test_the_words_of_a_picture_for_readers_who_do_not_see_it_stand_in_no_cell(name):
    code = "\n".join(cell.source for cell in read_cells(name) if cell.cell_type == "code")
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    shown = [call for call in calls if ast.unparse(call.func) in ("figures.show", "widgets.slide")]
    assert all(len(call.args) == 1 for call in shown)
    assert not any(keyword.arg == "alt" for call in shown for keyword in call.keywords)


@each_chapter
def test_a_folded_cell_shows_a_comment_and_nothing_of_what_it_hides(name):
    for cell in read_cells(name):
        if cell.metadata.get("jupyter", {}).get("source_hidden"):
            assert re.match(r"# .*\.\n", cell.source), cell.source


@each_chapter
def test_a_chapter_that_is_named_in_a_text_can_be_clicked(name):
    for text in texts(name)[1:]:
        unlinked = re.sub(r"\[[^\]]*\]\([^)]*\)|`[^`]*`|^## Further reading.*", "", text, flags=re.DOTALL)
        assert not re.search(r"\bchapter \d", unlinked, re.IGNORECASE), text[:80]


@pytest.mark.parametrize("place", [*NAMES, *PAGES])
def test_none_of_the_worst_turns_of_phrase_is_used(place):
    text = "\n".join(texts(place)) if place in SOURCES else pairs.read(ROOT / "notebooks" / place)
    assert not re.findall(WORST, text)


def test_the_same_question_is_not_asked_in_the_same_words_all_the_time():
    asked = [re.findall("Before you (run|go on|look)", text) for name in NAMES for text in texts(name)]
    assert sum(map(len, asked)) <= 5


@each_chapter
def test_an_answer_stands_below_a_question_and_begins_with_a_paragraph_that_unfolds_alone(name):
    cells = read_cells(name)
    answers = [place for place, cell in enumerate(cells) if cell.metadata.get("answer")]
    assert len(answers) >= 5
    for place in answers:
        code = max(k for k in range(place) if cells[k].cell_type == "code")
        assert re.search(r"\?|True or false|Guess|Estimate", cells[code - 1].source), cells[place].source
        folded = cells[place].source.split("\n\n")[0]
        assert folded.endswith((".", "|")) and "?" not in folded, folded  # the next question is in sight
