"""The annotator's folder: nothing of a user outlives the process that worked on it for long."""

import subprocess
import sys
from pathlib import Path

from gas.runtime.scratch import scratch_folder

_DIE_AT_WORK = """
import os, pathlib, signal, sys
from gas.runtime.scratch import scratch_folder
with scratch_folder(pathlib.Path(sys.argv[1]), "annotator") as folder:
    (folder / "job-1").mkdir()
    (folder / "job-1" / "input").write_text("somebody's genome")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def folders(parent: Path) -> list[Path]:
    return [path for path in parent.iterdir() if path.is_dir()]


def test_it_is_removed_at_the_end(tmp_path: Path) -> None:
    with scratch_folder(tmp_path, "annotator") as folder:
        (folder / "input").write_text("somebody's genome")
    assert folders(tmp_path) == []


def test_what_a_killed_annotator_left_is_removed_by_the_next(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", _DIE_AT_WORK, str(tmp_path)], check=False)
    [left] = folders(tmp_path)
    with scratch_folder(tmp_path, "annotator") as folder:
        assert folders(tmp_path) == [folder]
    assert not left.exists()


def test_the_folder_of_a_living_annotator_stays(tmp_path: Path) -> None:
    with (
        scratch_folder(tmp_path, "annotator") as first,
        scratch_folder(tmp_path, "annotator") as second,
    ):
        assert set(folders(tmp_path)) == {first, second}
