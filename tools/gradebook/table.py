"""A row for each student, gradebook.csv, and for each finding, findings.csv: for spreadsheets and programs.

UTF-8 with a byte order mark, without which Excel takes it for another encoding; LibreOffice and pandas
read it either way.
"""

import re

from tools.gradebook.results import UNSAFE, UNTIMED, to_decimals

ENCODING = "utf-8-sig"

# What begins so is a formula to a spreadsheet, also after blanks, and in full-width forms; a cell begins at
# its first character and, where a spreadsheet expects other separators than a comma, behind one of those.
SIGN = r"(?=\s*\"?[=+\-@\uff1d\uff0b\uff0d\uff20])"
FORMULA = re.compile(rf"^(?:{SIGN}|(?=[\t\r\n]))|(?<=[;|]){SIGN}|(?<=\S\t){SIGN}")


# Of findings.csv: each thing that a verdict says is wrong.
FINDINGS = ("student", "chapter", "exercise", "outcome", "function", "subject", "kind", "cause", "sentence")


def list_columns(form):
    """Return the names of the columns for results of an assignment."""
    _, _, exercises = form
    columns = [column for name, _ in exercises for column in (name, f"{name} outcome")]
    return [
        "student",
        *map(disarm, columns),
        "score",
        "points",
        "before lateness",
        "handed in",
        "notes",
        "remark",
    ]


def list_values(result):
    """Return the cells of a student."""
    cells = [cell for one in result.exercises for cell in (to_decimals(one.score), one.outcome)]
    remarks = [UNSAFE] * result.unsafe
    for one in result.by_hand:
        scores = f"{to_decimals(one.score)} by hand, {to_decimals(one.graded)} graded"
        remarks.append(f"{one.name}: {scores}. {one.remark}".strip())
    remarks += [f"{one.name}: {one.rule}" for one in result.exercises if one.rule]
    when = f"{result.lateness.handed_in:%Y-%m-%d %H:%M}" if result.lateness else ""
    remarks += [result.lateness.sentence] if result.lateness and result.lateness.sentence else []
    remarks += [f"{UNTIMED}."] * result.late_untimed
    totals = [to_decimals(result.score), to_decimals(result.points), to_decimals(result.before_lateness)]
    totals += [when, len(result.notes)]
    return [disarm(result.student), *cells, *totals, disarm(" ".join(remarks))]


def list_findings(result):
    """Yield a row for each thing that a verdict found, as FINDINGS names its cells."""
    for one in result.exercises:
        verdict = one.verdict
        for finding in verdict.findings:
            known = "known" if finding.exact else "measured"
            where = (one.chapter, one.name, one.outcome, verdict.culprit or one.name)
            row = (result.student, *where, finding.subject, finding.kind, known, finding.sentence)
            yield tuple(map(disarm, row))


def disarm(cell):
    """Return a text in which no spreadsheet finds a formula: in front of what could be one stands a quote."""
    return FORMULA.sub("'", cell)
