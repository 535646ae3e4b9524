"""Notebooks on their way between the disk and JupyterLab; its server takes this for its contents manager.

A notebook comes to JupyterLab with what the kernel says of itself, which JupyterLab would write into it as
soon as the kernel runs: so one that was only looked at has nothing to save.  This names a version of Python,
so it is not stored: a file is the same on every machine.  A folder is listed without the .py halves of its
notebooks, which would double the list.
"""

import functools
from pathlib import Path

import nbformat
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

from tools import reading
from tools.course import chapters, join
from tools.course.halves import read_half


class Contents(AsyncLargeFileManager):
    """The server's own contents manager, but for what it adds to notebooks and takes from them."""

    async def get(self, path, content=True, type=None, format=None, require_hash=False):
        """Return a file as JupyterLab takes it; the arguments are the server's."""
        model = await super().get(path, content, type, format, require_hash)
        if model["type"] == "notebook" and content:
            metadata = model["content"]["metadata"]
            kernel = reading.as_dict(metadata.get("kernelspec")).get("name")
            if kernel == "python3" or is_ours(model["content"]):
                metadata["kernelspec"] = nbformat.from_dict(chapters.METADATA["kernelspec"])
                metadata["language_info"] = nbformat.from_dict(describe_kernel())
        if model["type"] == "directory" and content:
            model["content"] = leave_out_halves(model["content"])
        return model

    async def save(self, model, path=""):
        """Write a file; a notebook that the build has made remembers what is now in both of its halves."""
        if model.get("type") == "notebook" and is_ours(model["content"]):
            notebook = nbformat.from_dict(model["content"])
            notebook.metadata["language_info"] = dict(chapters.METADATA["language_info"])
            if known := self.saved_states(path):  # which JupyterLab may have read before they were saved
                notebook.metadata["seqgrad"]["saved"] = known
            join.remember(notebook, chapters.digest_cells(nbformat.v4.to_notebook(notebook)))
            model = {**model, "content": notebook}
        return await super().save(model, path)

    def saved_states(self, path):
        """Return what the stored notebook knows of states that were saved; "" if it knows of none."""
        file = Path(self._get_os_path(path.strip("/")))
        return read_half(file).mark.get("saved", "") if file.is_file() else ""


def leave_out_halves(listed):
    """Return the files of a folder but for each .py that lies beside an .ipynb of the same name."""
    names = {file["name"] for file in listed}
    return [file for file in listed if file["name"].removesuffix(".py") + ".ipynb" not in names]


def is_ours(notebook):
    """Say whether the build has made a notebook."""
    return "built" in reading.as_dict(reading.as_dict(notebook.get("metadata")).get("seqgrad"))


@functools.cache
def describe_kernel():
    """Return what this environment's kernel says of its language."""
    from ipykernel.ipkernel import IPythonKernel

    return dict(IPythonKernel.language_info)
