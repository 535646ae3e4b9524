"""The rows of a table that a person or another program has written.

    bytes  ->  text  ->  separator, rows;    header, titles  ->  place of a column

Titles are compared by their letters and digits, without case.
"""

import csv
import io
import re

from tools import Refusal, reading

SEPARATORS = ",;\t"

GUESSED = "{path} is not in UTF-8; it was read as Windows-1252: see that its names are right."
COMPLAINTS = {
    "unexpected end of data": "a quotation mark opens there and is not closed",
    "expected after": "behind a quotation mark that closes a cell the cell goes on",
}


def read_text(path, what):
    """Return the text of a file, and a remark if its encoding had to be guessed; `what` names it."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Refusal(f"The {what} {path} cannot be read: {error.strerror}.") from error
    if not data.strip():
        return "", ()
    try:
        text, encoding = reading.decode(data)
    except reading.Unreadable as error:
        raise Refusal(f"{path.name} {error}.") from error
    return text, (GUESSED.format(path=path),) if encoding == reading.NAMES["cp1252"] else ()


def read_rows(path, text, titles):
    """Yield (line, cells) for each row that is not blank; the header, with such titles, comes first."""
    skipped = 0
    if told := re.match(r"sep=(.)\n", text):  # which Excel writes for itself
        separator, text, skipped = told[1], text[told.end() :], 1
    else:
        separator = find_separator(text, titles)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1 + skipped
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reason = next((why for sign, why in COMPLAINTS.items() if sign in str(error)), error)
            raise Refusal(f"{path.name}, line {line} cannot be read as CSV: {reason}.") from error
        if any(cell.strip() for cell in row):
            yield line, row


def refuse_long(path, line, cells, header, blank=True):
    """Refuse a row that has more cells than the header: a separator in a text has moved what follows.

    If `blank`, cells that are blank may be more: some programs end all rows but the header with separators.
    """
    more = cells[len(header) :]
    if any(cell.strip() for cell in more) or (more and not blank):
        raise Refusal(
            f"{path.name}, line {line} has {len(cells)} cells, and the header has {len(header)}: put "
            "quotation marks around a text that holds a separator."
        )


def find_separator(text, titles):
    """Return what stands between the columns: that with which most titles of the header are known."""

    def count_known(separator):
        header = next(csv.reader(io.StringIO(text.lstrip("\n"), newline=""), delimiter=separator), ())
        return sum(simplify(title) in titles for title in header), len(header)

    try:
        return max(SEPARATORS, key=count_known)
    except csv.Error:  # which is said when the rows are read
        return ","


def find_column(header, titles):
    """Return the place of the first column with one of these titles; None if there is none."""
    return next((place for place, title in enumerate(header) if simplify(title) in titles), None)


def simplify(title):
    """Return the letters and digits of a title, without case."""
    return "".join(filter(str.isalnum, title)).casefold()
