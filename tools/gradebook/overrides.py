"""Marks by hand: what a teacher gives in place of the grader's points, or beside them.

    overrides.csv, results  ->  ByHand by student and exercise;    Result, ByHand  ->  Result

The table has the columns student, exercise, and points (in place of the grader's) or delta (more or, below
zero, less than the grader's); and perhaps comment, which the student reads, and remark, for colleagues.
Results stay as `grade` has written them, so a mark by hand holds however often they are graded again.
"""

import difflib
from dataclasses import dataclass, replace

from tools import Refusal
from tools.gradebook.results import clean_text, list_results, read_result, to_hundredths, to_points
from tools.students.files import file_name
from tools.students.roster import fold
from tools.students.rows import find_column, read_rows, read_text, refuse_long

TITLES = ("student", "exercise", "points", "delta", "comment", "remark")
NEEDED = ("student", "exercise")
LONGEST = 2000  # characters of a comment or a remark


@dataclass(frozen=True)
class ByHand:
    """A mark by hand: points or a delta, in hundredths, one of them None; what is said with it."""

    points: int | None
    delta: int | None
    comment: str
    remark: str


def read_overrides(path, folder):
    """Return the marks by hand in a table, and remarks on how it was read.

    Parameters
    ----------
    path : Path
        The table.
    folder : Path
        The results that the marks belong to.

    Returns
    -------
    dict
        ``{stem of the result file: {exercise: ByHand}}``.
    tuple of str

    Raises
    ------
    Refusal
        In one sentence, with the line: what fits no result, no exercise or no number of points.
    """
    text, remarks = read_text(path, "table of marks by hand")
    rows = list(read_rows(path, text, TITLES))
    header = rows[0][1] if rows else []
    places = {title: find_column(header, (title,)) for title in TITLES}
    if missing := [title for title in NEEDED if places[title] is None]:
        raise Refusal(
            f"{path.name} has no column {' and no column '.join(missing)}; it takes {', '.join(TITLES)}."
        )
    marks, results = {}, {}
    for line, cells in rows[1:]:
        refuse_long(path, line, cells, header, blank=False)
        row = {title: take_cell(cells, place) for title, place in places.items()}
        where = f"{path.name}, line {line}"
        stem = find_stem(row["student"], folder, where)
        mine = marks.setdefault(stem, {})
        if row["exercise"] in mine:
            raise Refusal(
                f"{where}: {row['student']} has a mark by hand for {row['exercise']} above already."
            )
        if stem not in results:
            results[stem] = read_student(folder / f"{stem}.json", where)
        mine[row["exercise"]] = read_mark(row, results[stem], where)
    return marks, remarks


def read_student(path, where):
    """Return the result in a file; refuse the row that is about it if it is damaged."""
    try:
        return read_result(path)
    except ValueError as error:
        raise Refusal(f"{where}: {path}: {error}; grade that submission again.") from error


def take_cell(cells, place):
    """Return the text of a cell; "" where the row has none."""
    return cells[place].strip() if place is not None and place < len(cells) else ""


def find_stem(student, folder, where):
    """Return how the files of a student are called, who has to have a result."""
    # As gradebook.csv has an id like =1, and without case.
    for id in filter(None, (student, student.removeprefix("'"), fold(student))):
        stem = file_name(id, "")
        if (folder / f"{stem}.json").is_file():
            return stem
    near = difflib.get_close_matches(student, [path.stem for path in list_results(folder)], 1)
    hint = f"; is it {near[0]}?" if near else "; students go by the ids that gradebook.csv has."
    raise Refusal(f"{where}: nobody in {folder} goes by the id {student or '(empty)'}{hint}")


def read_mark(row, result, where):
    """Return the mark by hand in a row; refuse what does not fit the student's result."""
    names = {one.name: one.points for one in result.exercises}
    if row["exercise"] not in names:
        raise Refusal(f"{where}: there is no exercise {row['exercise']}; there are {', '.join(names)}.")
    most = names[row["exercise"]]
    if bool(row["points"]) == bool(row["delta"]):
        raise Refusal(f"{where}: give either points or a delta.")
    points, delta = (read_points(row[title], where) for title in ("points", "delta"))
    if points is not None and not 0 <= points <= most:
        raise Refusal(
            f"{where}: {row['exercise']} takes 0 to {to_points(most)} points, not {row['points']}; "
            "what is to be added or taken away goes into the column delta."
        )
    if delta is not None and abs(delta) > most:
        raise Refusal(f"{where}: {row['exercise']} has {to_points(most)} points, fewer than {row['delta']}.")
    comment, remark = (clean_text(row[title], LONGEST) for title in ("comment", "remark"))
    return ByHand(points, delta, comment, remark)


def read_points(text, where):
    """Return a number of points in hundredths, None for none; a decimal comma will do."""
    if not text:
        return None
    try:
        return to_hundredths(text.replace(",", ".").replace("\u2212", "-"))
    except ValueError as error:
        raise Refusal(f"{where}: {error}.") from error


def apply_overrides(result, marks):
    """Return a result with marks by hand; a delta never leads below 0 or above the points there are."""
    exercises = []
    for one in result.exercises:
        mark = marks.get(one.name)
        if mark:
            score = one.score + mark.delta if mark.points is None else mark.points
            score = min(max(score, 0), one.points)
            one = replace(one, score=score, graded=one.score, comment=mark.comment, remark=mark.remark)
        exercises.append(one)
    return replace(result, exercises=tuple(exercises))
