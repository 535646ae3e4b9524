"""The page "Check your gradient": its text, and what its script has to know."""

import json
from pathlib import Path

from seqgrad.check.exercises import list_exercises
from tools.site.tab.bundle import OFFLINE

NAME = "check"
ADDRESS = "_static/tab/"


def make_check_page(bundle):
    """Return the source of the page, for what `make_bundle` returned."""
    names = [exercise.name for exercise in list_exercises()]
    digests = {name: f"{ADDRESS}{name}?v={digest}" for name, digest in bundle["digests"].items()}
    about = {key: bundle[key] for key in ("files", "begin", "examples")}
    about |= {"address": ADDRESS, "worker": digests["worker.js"], "offline": OFFLINE, "exercises": names}
    size = sum(file["bytes"] for file in bundle["files"]) / 1e6
    text = Path(__file__).with_name("check.md").read_text(encoding="utf-8")
    text = text.replace("<!-- size -->", f"The first visit fetches {size:.0f} MB.")
    text = text.replace("<!-- licences -->", f"{ADDRESS}LICENCES.txt")
    data = json.dumps(about).replace("</", "<\\/")
    return (
        f'{text}\n<link rel="stylesheet" href="{digests["tab.css"]}">\n'
        f'<script type="application/json" id="tab-about">{data}</script>\n'
        f'<script defer src="{digests["check.js"]}"></script>\n'
    )
