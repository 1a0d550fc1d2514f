"""Runs the bcftools that pysam carries. Only the child process may call this (rule R8)."""

from typing import Any

import pysam.bcftools
from pysam.utils import SamtoolsError
from pysam.version import __bcftools_version__, __version__


class BcftoolsError(Exception):
    """A bcftools command failed; the message is what it said."""


def version() -> str:
    return str(__bcftools_version__)


def pysam_version() -> str:
    return str(__version__)


def run(command: str, *arguments: str) -> str:
    """Run one command that writes to its ``-o`` file; returns what it said on stderr.

    Without ``catch_stdout=False`` pysam would silently take the place of ``-o``.
    """
    dispatcher: Any = getattr(pysam.bcftools, command)
    try:
        dispatcher(*arguments, catch_stdout=False)
    except SamtoolsError as error:
        said = str(error).partition("stderr=")[2]
        raise BcftoolsError(_readable(said)) from error
    return str(dispatcher.get_messages() or "")


def _readable(quoted: str) -> str:
    """Pysam quotes what the command said; give back its last line as it was."""
    text = quoted.strip("'\"").replace("\\n", "\n").strip()
    return text.splitlines()[-1] if text else "it gave no reason"
