"""From a text as somebody pasted it to plain lines: ``name[1][2] = [numbers]``, whatever it came through.

    text  ->  characters  ->  markup and tables  ->  margins  ->  NumPy's and PyTorch's words  ->  plain text

Nothing is decided here that could be meant in two ways: what stays odd is not read as a number.
"""

import html
import re

from seqgrad.check.reading.cells import read_outputs

TEXT = 300_000  # characters of a text that are read
DASHES = "\u2212\u2010\u2011\u2012\u2013\u2014\u2015\ufe58\ufe63\uff0d\u00ad\u207b"  # minus, hyphens, dashes
BLANKS = "\u00a0\u202f\u3000\u205f" + "".join(map(chr, range(0x2000, 0x200B)))
NOTHING = "\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"  # of no width
QUOTES = "\"'`*\\“”‘’„‟‹›«»′″"
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
LETTERS = FULL_WIDTH | dict.fromkeys(map(ord, DASHES), "-") | dict.fromkeys(map(ord, BLANKS), " ")
LETTERS |= dict.fromkeys(map(ord, NOTHING)) | {ord("→"): "=", ord("⇒"): "=", ord("≈"): "=", ord("…"): "..."}

ROW = re.compile(r"<tr\b[^>]*>(.*?)(?=</?tr\b|</table|\Z)", re.IGNORECASE | re.DOTALL)
CELL = re.compile(r"<t[dh]\b[^>]*>(.*?)(?=</?t[dh]\b|\Z)", re.IGNORECASE | re.DOTALL)
BLOCK = re.compile(r"(?i)</?(?:br|p|div|li|ul|ol|pre|h\d|table|tbody|thead|blockquote)\b[^>]{0,200}>")
TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
COLOURS = re.compile(r"\x1b\[[\d;]*[A-Za-z]")
MARGIN = re.compile(r"^[ \t]*(?:[>$#][>$# \t]*|(?:In|Out) ?\[\d*\]:)[ \t]?", re.MULTILINE)
NUMBERED = re.compile(r"[ \t]*(\d{1,5})(?:[:.)|][ \t]*|[ \t]+|$)")
TABLE_LINE = re.compile(r"[-:|+= \t]*")
VALUE = re.compile(r"[-+]?(?:[\[(]|\.?\d|nan\b|inf\b)")
NEW_LINE = re.compile(r"\\n(?![a-z])|\\n(?=gradients|a_|[acdy]\w*\[|len)")  # as JSON and `repr` write it

IN_BRACKETS = re.compile(r"\[[-+\d.eE\s]*\]")  # an array over several lines
LIBRARY = r"(?:(?:np|numpy|jnp|jax|torch|tf)\.)?"
WORD = re.compile(
    rf"\b{LIBRARY}(?:array|ndarray|Array|DeviceArray|[tT]ensor|EagerTensor|float(?:_|\d+)?|double)[ ]?\("
)
SHOWN = re.compile(r"<tf\.Tensor[^<>]*?numpy=([^<>]*)>")
SETTING = re.compile(
    r",\s*(?:dtype|shape|grad_fn|device|requires_grad|weak_type)\s*=\s*"
    r"(?:<[^<>]*>|\([^()]*\)|\"[^\"]*\"|'[^']*'|[\w.]+)"
)


def make_plain(text):
    """Return a text in plain lines."""
    text = text[:TEXT]
    if text.lstrip()[:1] == "{" and (printed := read_outputs(text.encode("utf-8", "replace"))) is not None:
        text = printed[:TEXT]
    text = COLOURS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = NEW_LINE.sub("\n", html.unescape(text)).translate(LETTERS)
    text = SHOWN.sub(r"\1", text)
    while text != (shorter := SETTING.sub("", text)):
        text = shorter
    text = ROW.sub(write_row, text)
    text = TAG.sub(" ", BLOCK.sub("\n", text))
    text = MARGIN.sub("", text)
    text = WORD.sub("(", drop_line_numbers(text))
    text = re.sub(f"[{re.escape(QUOTES)}]", "", text)
    text = IN_BRACKETS.sub(lambda found: found[0].replace("\n", " "), join_wraps(text))
    return join_signs(lay_out_tables(text))


def write_row(row):
    """Return a row of an HTML table as a row of Markdown; without cells, as it is."""
    cells = [" ".join(TAG.sub(" ", cell).split()) for cell in CELL.findall(row[1])]
    return f"\n| {' | '.join(cells)} |\n" if cells else row[0]


def drop_line_numbers(text):
    """Return a text without numbers that count its lines, three of them in a row at least."""
    lines = text.split("\n")
    heads = [NUMBERED.match(line) for line in lines]
    numbers = [int(head[1]) if head else None for head in heads]
    begin = 0
    while begin < len(lines):
        end = begin + 1
        while end < len(lines) and numbers[begin] is not None and numbers[end] == numbers[end - 1] + 1:
            end += 1
            if end < len(lines) and numbers[end] is None:
                break
        if end - begin >= 3:
            for number in range(begin, end):
                lines[number] = lines[number][heads[number].end() :]
        begin = end
    return "\n".join(lines)


def lay_out_tables(text):
    """Return a text with each column of numbers of a table below the other, `name = value` in each line."""
    lines, found, table = text.split("\n"), [], []
    for line in [*lines, ""]:
        separator = "|" if line.count("|") > 1 or (table and "|" in line) else "\t"
        if separator in line.strip():
            table.append([cell.strip() for cell in line.strip().strip(separator).split(separator)])
            continue
        found += write_columns(table)
        table = []
        found.append(line)
    return "\n".join(found[:-1])


def write_columns(table):
    """Return the lines of a table, column by column; the first column that is no number has the names."""
    rows = [row for row in table if not TABLE_LINE.fullmatch("".join(row))]
    width = max(map(len, rows), default=0)
    rows = [row + [""] * (width - len(row)) for row in rows]
    filled = [column for column in range(width) if 2 * sum(bool(row[column]) for row in rows) >= len(rows)]
    rows, width = [[row[column] for column in filled] for row in rows], len(filled)
    if width < 2:
        return [" ".join(row) for row in rows]
    lines = []
    for column in range(1, width):
        for row in rows:
            is_value = VALUE.match(row[column])
            lines.append(f"{row[0].rstrip('=: ')} = {row[column]}" if is_value else row[column])
    return lines


def join_signs(text):
    """Return a text in which a sign stands before its number, where it can be nothing else."""
    return re.sub(r"([=:\[(,]\s*)-[ \t]+(?=\.?\d)", r"\1-", text)


def join_wraps(text):
    """Return a text whose lines do not end within a number, as those of a console do that is too narrow.

    NumPy begins a new line with a blank, and each of its numbers has a point: what follows an end of line
    at once, and cannot be a number of its own, belongs to the number before it.
    """
    text = re.sub(r"(\d\.\d*)\n(\d+)(?=\s*[\]\n]|[ ,]+[-\d.\[]|$)(?![ ,]*\w+\s*[=:])", join_digits, text)
    text = re.sub(r"(\d\.\d*)\n(\d*e[-+]?\d+)", r"\1\2", text)
    text = re.sub(r"(\d\.\d*e[-+]?)\n(\d+)", r"\1\2", text)
    text = re.sub(r"((?:^|[\s\[(,=])[-+]?\d)\n(\.\d)", r"\1\2", text)
    return re.sub(r"([\s\[(,=][-+])\n(\d*\.\d)", r"\1\2", text)


def join_digits(wrapped):
    """Return the digits on both sides of an end of line as one number."""
    return wrapped[1] + wrapped[2]
