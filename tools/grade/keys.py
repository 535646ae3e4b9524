"""Keys of a Dask cluster: who does not have them can be no scheduler, worker or grader of it.

folder  ->  make_keys  ->  cert.pem, key.pem  ->  read_keys  ->  what Dask calls security

All parts of a cluster have the same key, with which each proves to the others that it belongs to them, and
what they say to each other, the course's secret among it, can be read by nobody else.
"""

import os
import sys

from tools import Refusal

CERTIFICATE, KEY = "cert.pem", "key.pem"

HOWTO = """\
The keys of a cluster are in {keys}, for a year; copy the folder to each of its machines, and to nobody else.
Next, in the project's folder, with its environment activated:
  KEYS="--tls-ca-file {keys}/cert.pem --tls-cert {keys}/cert.pem --tls-key {keys}/key.pem"
  HERE="--host 127.0.0.1 --dashboard-address 127.0.0.1:0"
  dask scheduler $KEYS $HERE --protocol tls
  PYTHONPATH=. dask worker $KEYS $HERE tls://127.0.0.1:8786 --nworkers auto --nthreads 1
  python3 -m tools grade submissions/ --scheduler tls://127.0.0.1:8786 --keys {keys}"""


def make_keys(folder):
    """Make the keys in a new folder that only its owner can read, and say how a cluster is started.

    Raises
    ------
    Refusal
        If something is there already, or what Dask needs for it is not installed.
    """
    made = import_security().temporary()
    if os.path.lexists(folder):
        raise Refusal(f"{folder} is there already: use the keys in it, or name another folder.")
    try:
        folder.mkdir(mode=0o700, parents=True)
        for name, text in ((CERTIFICATE, made.tls_ca_file), (KEY, made.tls_client_key)):
            descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(descriptor, "w", encoding="ascii") as file:
                file.write(text)
    except OSError as error:
        raise Refusal(f"{error.filename or folder} cannot be written: {error.strerror}.") from error
    return HOWTO.format(keys=folder)


def read_keys(folder):
    """Return what Dask needs to speak with a cluster that has these keys.

    Raises
    ------
    Refusal
        If they are not there.
    """
    certificate, key = folder / CERTIFICATE, folder / KEY
    if missing := [path for path in (certificate, key) if not path.is_file()]:
        made = f"`python3 -m tools grade --make-keys {folder}` makes the keys of a new cluster"
        raise Refusal(f"There is no {missing[0]}: {made}, --keys FOLDER names those of one that runs.")
    files = {"tls_ca_file": str(certificate), "tls_client_cert": str(certificate), "tls_client_key": str(key)}
    return import_security()(require_encryption=True, **files)


def import_security():
    """Return Dask's class of that name; or say what is not installed, and what installs it."""
    try:
        import cryptography  # noqa: F401 - with which Dask makes keys
        from distributed.security import Security
    except ImportError:
        raise Refusal(
            "--scheduler needs dask.distributed and cryptography, which are not installed here: "
            f"`{sys.executable} -m pip install --editable '.[cluster]'` installs it."
        ) from None
    return Security
