"""JupyterLab as `python3 -m tools lab` starts it, on a project of its own."""

import contextlib
import os
import re
import sys
import tempfile
from pathlib import Path

from tests.waiting import started, wait_until


@contextlib.contextmanager
def running_lab(root, port):
    """Yield the process, its address once it answers, and the file with what it writes.

    Its home is the project, so it keeps to itself.
    """
    command = [sys.executable, "-m", "tools", "lab", "--no-browser", "--port", str(port)]
    alone = {**os.environ, "HOME": str(root), "PYTHONPATH": str(root)}
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "written").open("w") as file:
        written = Path(file.name)

        def address():
            assert process.poll() is None, written.read_text()
            return re.search("^JupyterLab: (.*)\n", written.read_text(), re.MULTILINE)

        with started(command, cwd=root, env=alone, stdout=file, stderr=file) as process:
            yield process, wait_until(address, "the address of JupyterLab", 120)[1], written
