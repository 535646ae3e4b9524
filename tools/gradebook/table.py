"""A row for each student: gradebook.csv, for spreadsheets and for programs.

UTF-8 with a byte order mark, without which Excel takes it for another encoding; LibreOffice and pandas
read it either way.
"""

import re

from tools.gradebook.results import UNSAFE, to_decimals

ENCODING = "utf-8-sig"

# A cell that begins so is a formula to a spreadsheet, also after blanks, and in full-width forms.
FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")


def list_columns(form):
    """Return the names of the columns for results of an assignment."""
    _, _, exercises = form
    columns = [column for name, _ in exercises for column in (name, f"{name} outcome")]
    return ["student", *map(disarm, columns), "score", "points", "notes", "remark"]


def list_values(result):
    """Return the cells of a student."""
    cells = [cell for one in result.exercises for cell in (to_decimals(one.score), one.outcome)]
    remark = UNSAFE if result.unsafe else ""
    totals = [to_decimals(result.score), to_decimals(result.points), len(result.notes), remark]
    return [disarm(result.student), *cells, *totals]


def disarm(cell):
    """Return a text that no spreadsheet takes for a formula: in front of one that could be stands a quote."""
    return f"'{cell}" if FORMULA.match(cell) else cell
