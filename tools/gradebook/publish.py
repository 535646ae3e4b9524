"""From a folder of results to everything that is made of them.

result files -> results, each written out by itself -> what is kept of it -> gradebook.csv, Survey -> overview
"""

import csv
import functools
import io
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import replace
from html import escape
from pathlib import Path

from tools import Refusal, owned
from tools.bar import follow
from tools.gradebook import (
    canvas,
    compare,
    credit,
    feedback,
    gradescope,
    overrides,
    overview,
    page,
    results,
    roll,
    table,
)
from tools.gradebook.late import apply_lateness, read_lateness
from tools.gradebook.settings import Settings
from tools.processes import delay_interrupts, follow_parent
from tools.students.files import file_name
from tools.students.roster import read_roster
from tools.writing import replace_file, write

WRITTEN = ("gradebook.csv", "findings.csv", "canvas.csv", "overview.html", "gradescope")
DEFAULT = Settings()
MANY = 200  # results that are worth starting a process on each core
CHUNK = 16  # results that a process is given at once
BESIDE = 40  # groups of functions that are shown side by side
SENTENCES = 50  # about what is odd, that are shown


def publish(
    folder, out, pages=None, roster=None, assignment=None, people=None, by_hand=None, settings=DEFAULT
):
    """Write the gradebook of a folder of results, and return the overview as text.

    Parameters
    ----------
    folder, out : Path
        Where the results are; where tables and overview go.
    pages : Path, optional
        Where the students' pages go, if they are to be made.
    roster : Path, optional
        What Canvas exported, if canvas.csv is to be made.
    assignment : str, optional
        What the assignment is called in Canvas.
    people : Path, optional
        A table of ids and names, as `release` takes it; what Canvas exported has the names, too.
    by_hand : Path, optional
        A table of marks by hand.
    settings : Settings, optional
        What the course has decided about marks.

    Raises
    ------
    Refusal
        If there is nothing to make it of, or the parts do not belong together.
    """
    paths = list_result_files(folder)
    if pages and pages.resolve() == out.resolve():
        raise Refusal(f"{pages} is where the tables go; give the students' pages a folder of their own.")
    exported = canvas.read_exported(roster) if roster else None
    if exported and assignment:
        canvas.find_assignment(exported, assignment, required=True)
    students = read_people(people) if people else None
    marks, remarks = overrides.read_overrides(by_hand, folder) if by_hand else ({}, ())
    claim_folders(out, pages, paths)
    late, doubts = {}, []
    if settings.deadline:
        late, doubts = read_lateness(settings, {path.stem for path in paths}, students or ())
    problems, scores = [*remarks, *doubts], {}
    decided = {"marks": marks, "late": late, "settings": settings}
    work = functools.partial(look, out=out, pages=pages, **decided)
    with closing(spread_over_cores(work, paths)) as looked:
        chosen = select(zip(paths, looked, strict=True), problems)
        survey = overview.survey(write_tables(chosen, out, scores))

    known = roll.match_people(students, scores) if students else None
    if exported:
        known = canvas.prepare_import(exported, scores, survey.title, survey.points, assignment)
        problems += known.remarks
        write_rows(out / "canvas.csv", known.rows)
    problems = shorten_list([*problems, *list_odd(survey, paths, pages)])
    where = Path(os.path.relpath(pages, out)).as_posix() if pages else ""
    beside = compare_alike(survey, folder)
    write(out / "overview.html", overview.to_html(survey, problems, known, where, beside), durable=False)
    return f"{overview.to_text(survey, problems, known)}\nNext: open {out / 'overview.html'}"


def compare_alike(survey, folder):
    """Return the first groups of functions that are the same, and no text of the course, side by side."""
    made = []
    for group in [group for group in survey.alike if not group.own][:BESIDE]:
        two = group.students[:2]
        texts = []
        for student in two:
            result = results.read_result(folder / file_name(student))
            texts += [one.source for one in result.exercises if one.name == group.exercise]
        if html := compare.compare(group.exercise, two, texts):
            made.append(page.fold(f"<code>{group.exercise}</code>: {' and '.join(map(escape, two))}", html))
    return made


def read_people(path):
    """Return the students of a roster, their names safe to show."""
    students = read_roster(path).students
    return [replace(student, name=results.clean_text(student.name, 200)) for student in students]


def claim_folders(out, pages, paths):
    """Mark the folders that are written to as ours; refuse one in which somebody's file would be replaced."""
    written = {out: WRITTEN} | ({pages: [f"{path.stem}.html" for path in paths]} if pages else {})
    for folder, names in written.items():
        owned.check(folder, "gradebook", names)
    for folder in written:
        owned.mark(folder, "gradebook")


def list_result_files(folder):
    """Return the result files of a folder."""
    if not folder.is_dir():
        raise Refusal(f"{folder} is not a folder; give the one that `python3 -m tools grade` has filled.")
    paths = results.list_results(folder)
    if not paths:
        raise Refusal(
            f"{folder} holds no results; fill it by `python3 -m tools grade SUBMISSIONS --out {folder}`."
        )
    return paths


def spread_over_cores(work, paths):
    """Yield work(path) for each path, in order; the work on many is spread over the cores."""
    if len(paths) < MANY:
        yield from follow(map(work, paths), len(paths), unit=" results", leave=False)
        return
    pool = ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn"), initializer=follow_parent)
    try:
        with delay_interrupts():
            looked = pool.map(work, paths, chunksize=CHUNK)
        yield from follow(looked, len(paths), unit=" results", leave=False)
    except BrokenProcessPool as error:
        raise Refusal(
            "A process that reads the results was ended by something else, as systems do that run out of "
            "memory; call `gradebook` again."
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def look(path, out, pages, marks, late, settings):
    """Write a student's own files; return the rows and what the overview keeps, or why there are none."""
    try:
        result = credit.apply_rule(results.read_result(path), settings.credit)
        result = overrides.apply_overrides(result, marks.get(path.stem, {}))
        result = apply_lateness(result, late.get(path.stem))
    except ValueError as error:
        return f"{path}: {error}. It was left out; grade that submission again."
    write(out / "gradescope" / result.stem / "results.json", gradescope.write_result(result), durable=False)
    if pages:
        write(pages / f"{result.stem}.html", feedback.to_html(result), durable=False)
    kept = overview.keep(result, settings.released)
    return table.list_values(result), list(table.list_findings(result)), kept


def select(looked, problems):
    """Yield rows and what is kept; what is left out becomes a sentence among the problems.

    Raises
    ------
    Refusal
        If the results do not belong together, or none can be used.
    """
    first, homes = None, {}
    for path, found in looked:
        if isinstance(found, str):
            problems.append(found)
            continue
        *_, kept = found
        first = first or (path, kept.form)
        if kept.form != first[1]:
            raise Refusal(
                f"{first[0]} and {path} are results of different assignments, or of different points: give "
                "each assignment a folder of its own."
            )
        home = homes.setdefault(kept.student, path.name)
        if home == path.name:
            yield found
        else:
            problems.append(
                f"{path} is of {kept.student}, and so is {home}. It was left out; remove one of the two."
            )
    if not first:
        raise Refusal(f"None of {len(problems)} results can be used. The first: {problems[0]}")


def write_tables(stream, out, scores):
    """Yield what is kept of each result when its rows are in the tables; keep its score by student."""
    how = {"durable": False, "encoding": table.ENCODING, "newline": ""}
    paths = out / "gradebook.csv", out / "findings.csv"
    with replace_file(paths[0], **how) as file, replace_file(paths[1], **how) as other:
        add, add_findings = csv.writer(file).writerow, csv.writer(other).writerows
        add_findings([table.FINDINGS])
        for row, findings, kept in stream:
            if not scores:
                add(table.list_columns(kept.form))
            add(row)
            add_findings(findings)
            scores[kept.student] = kept.score
            yield kept


def write_rows(path, rows):
    """Write a table without the byte order mark, which Canvas does not expect."""
    table = io.StringIO(newline="")
    csv.writer(table, quoting=csv.QUOTE_ALL).writerows(rows)
    write(path, table.getvalue())


def shorten_list(sentences):
    """Return as many sentences as somebody reads, safe to show."""
    shown = [results.clean_text(sentence, results.LONGEST) for sentence in sentences[:SENTENCES]]
    left = len(sentences) - SENTENCES
    return shown + [f"There are {left} more sentences of this kind."] * (left > 0)


def list_odd(survey, paths, pages):
    """Yield sentences on what does not go together."""
    if len(survey.graders) > 1:
        shares = ", ".join(str(count) for _, count in survey.graders.most_common())
        yield (
            f"The results come from {len(survey.graders)} versions of the grader or of its inputs ({shares} "
            "of them): run `python3 -m tools grade` again, which brings all to one."
        )
    if pages:
        stems = {path.stem for path in paths}
        left = sorted(path.name for path in pages.glob("*.html") if path.stem not in stems)
        if left:
            yield (
                f"{pages} holds pages of nobody in the results ({len(left)}, such as {left[0]}): remove them "
                "if they are left from an earlier run."
            )
