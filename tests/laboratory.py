"""JupyterLab as `python3 -m tools lab` starts it, on a project of its own."""

import contextlib
import os
import re
import subprocess
import sys


@contextlib.contextmanager
def running_lab(root, port):
    """Yield the process and its address, once it answers; its home is the project, so it keeps to itself."""
    command = [sys.executable, "-m", "tools", "lab", "--no-browser", "--port", str(port)]
    nobody = {**os.environ, "HOME": str(root), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=root, env=nobody, stdout=subprocess.PIPE, text=True) as process:
        try:
            said = []
            while not (said and said[-1].startswith("JupyterLab: ")):
                said.append(process.stdout.readline())
                assert said[-1], "".join(said)
            yield process, re.fullmatch("JupyterLab: (.*)\n", said[-1])[1]
        finally:
            process.kill()
