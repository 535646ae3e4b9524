"""What a course has decided about marks, in one file: gradebook.toml.

    gradebook.toml  ->  Settings:  the rule for partial credit, the deadline, what lateness costs

Everything in it is optional.  Results stay as they were graded, so it may change at any time.
"""

import tomllib
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tools import Refusal

NAME = "gradebook.toml"
RULES = ("outputs", "once")
YEARS = range(2000, 2100)  # those that somebody may mean


@dataclass(frozen=True)
class Deadline:
    """When something is due, and what it costs to be late.

    Attributes
    ----------
    due : datetime
        With its time zone, which is also that of times without one.
    grace : float
        Minutes after it that cost nothing.
    percent : float
        Of the score, for each day that has begun.
    most : float
        Percent, at most.
    closed : float
        Days after which nothing counts; 0 if there is no such day.
    times, extensions : tuple of Path
        Files that say when who handed in; tables of who may hand in later.
    """

    due: datetime
    grace: float = 0.0
    percent: float = 0.0
    most: float = 100.0
    closed: float = 0.0
    times: tuple = ()
    extensions: tuple = ()


@dataclass(frozen=True)
class Settings:
    """The settings of a gradebook; `credit` is one of RULES, `released` when the exercises were given out."""

    credit: str = "outputs"
    released: datetime | None = None
    deadline: Deadline | None = None


def read_settings(path):
    """Return the Settings in a file.

    Raises
    ------
    Refusal
        In one sentence: what cannot be read, or is no setting.
    """
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Refusal(f"The settings {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Refusal(f"{path.name} is not in UTF-8: save it again so.") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Refusal(f"{path.name} is no TOML: {error}.") from error
    refuse_unknown(path, said, ("credit", "zone", "released", "deadline"), "")
    credit = said.get("credit", "outputs")
    if credit not in RULES:
        raise Refusal(f"{path.name}: credit is {credit!r}; there is {' and '.join(map(repr, RULES))}.")
    zone = take_zone(path, said)
    released = take_time(path, said, "released", zone) if "released" in said else None
    deadline = read_deadline(path, said["deadline"], zone) if "deadline" in said else None
    if released and deadline and released >= deadline.due:
        raise Refusal(f"{path.name}: released is not before due.")
    return Settings(credit, released, deadline)


def read_deadline(path, said, zone):
    """Return the Deadline in the settings."""
    names = [field.name for field in fields(Deadline)]
    if not isinstance(said, dict) or "due" not in said:
        raise Refusal(f"{path.name}: [deadline] needs due, as in due = 2026-11-20T23:59:00+01:00.")
    refuse_unknown(path, said, names, "deadline.")
    held = {"due": take_time(path, said, "due", zone)}
    for name, most in (("grace", 1e6), ("percent", 100), ("most", 100), ("closed", 1e6)):
        if name in said:
            if type(said[name]) not in (int, float) or not 0 <= said[name] <= most:
                raise Refusal(
                    f"{path.name}: {name} is {said[name]!r}; a number from 0 to {most:g} is needed."
                )
            held[name] = float(said[name])
    files = {name: take_files(path, said, name) for name in ("times", "extensions")}
    return Deadline(**held, **files)


def take_files(path, said, name):
    """Return the files that a setting names, one or a list."""
    files = said.get(name, [])
    files = files if isinstance(files, list) else [files]
    if not all(isinstance(file, str) and file for file in files):
        raise Refusal(f"{path.name}: {name} is {said[name]!r}; the name of a file is needed.")
    return tuple(path.parent / file for file in files)


def take_zone(path, said):
    """Return the time zone in the settings; None if there is none."""
    try:
        return ZoneInfo(said["zone"]) if "zone" in said else None
    except (ZoneInfoNotFoundError, TypeError, ValueError, OSError):
        raise Refusal(
            f'{path.name}: there is no time zone {said["zone"]!r}; write it as in zone = "Europe/Berlin".'
        ) from None


def take_time(path, said, name, zone):
    """Return a time in the settings, in the time zone if there is one."""
    time = said[name]
    if not isinstance(time, datetime) or not (time.tzinfo or zone) or time.year not in YEARS:
        raise Refusal(
            f"{path.name}: {name} has to be a time with its offset from UTC, as in {name} = "
            '2026-11-20T23:59:00+01:00, or without it where zone = "Europe/Berlin" stands above.'
        )
    if time.tzinfo is None:
        return time.replace(tzinfo=zone)
    return time.astimezone(zone) if zone else time


def refuse_unknown(path, said, names, above):
    """Refuse a setting that there is not."""
    if unknown := sorted(set(said) - set(names)):
        listed = ", ".join(names)
        raise Refusal(f"{path.name}: there is no setting {above}{unknown[0]}; there is {listed}.")


def say_duration(duration):
    """Return a duration as a person says it."""
    minutes = int(duration / timedelta(minutes=1))
    days, hours = divmod(minutes // 60, 24)
    parts = ((days, "day"), (hours, "hour"), (minutes % 60 if not days else 0, "minute"))
    return " ".join(f"{count} {unit}{'s' * (count != 1)}" for count, unit in parts if count) or "a minute"
