"""Python in WebAssembly, which shuts in what students wrote on any system: installed here, and compiled."""

import functools
from pathlib import Path

from tools import Refusal, extras
from tools.environment import ROOT, hold_lock

NEWS = (
    "Installing Python in WebAssembly into this environment, once: it shuts in what students wrote. That is "
    "a download of 110 MB."
)
COMPILING = "Compiling Python in WebAssembly for this machine, once: it takes some minutes."
MISSING = (
    "There is no Python in WebAssembly, which shuts in what students wrote. {why} Install it yourself with "
    "`pip install --require-hashes -r tools/grade/webassembly.lock`, or run submissions without any "
    "protection with --unsafe."
)


@functools.cache
def prepare():
    """Have the interpreter, compiled; where it is not here, install it into this environment."""
    try:
        extras.install(("wasm",), NEWS, Path(__file__).with_name("webassembly.lock"))
    except Refusal as refusal:
        raise Refusal(MISSING.format(why=refusal)) from refusal
    compile_here()


def compile_here():
    """Compile the interpreter, once, however many ask for it at the same time."""
    try:
        from tools.grade.wasm.machine import compile_once, is_compiled
    except (
        ImportError,
        RuntimeError,
        OSError,
    ) as error:  # wasmtime says so of a processor that it does not know
        raise Refusal(MISSING.format(why=f"It cannot be loaded here: {error}.")) from error
    if is_compiled():
        return
    with hold_lock(ROOT / ".venv.lock"):
        if not is_compiled():
            print(COMPILING, flush=True)
            compile_once()
