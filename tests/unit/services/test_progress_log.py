"""What an annotation says while it runs."""

from datetime import UTC, datetime

from services.annotator.progress_log import LONGEST_LINE, MOST_LINES, ProgressLog

NOW = datetime(2026, 1, 1, 16, 20, 3, tzinfo=UTC)


def log() -> ProgressLog:
    return ProgressLog(lambda: NOW)


def test_a_line_for_each_stage_and_each_tenth() -> None:
    noted = log()
    noted.note("starting", 0.0)
    noted.note("annotate", 0.0, 0)
    for thousands in range(1, 101):
        progress = noted.note("annotate", thousands / 250, thousands * 1000)
    progress = noted.note("uploading", 1.0, 100_000)
    assert progress.log == (
        "16:20:03 UTC fetching the upload",
        "16:20:03 UTC annotating",
        "16:20:03 UTC annotating: 25,000 records",
        "16:20:03 UTC annotating: 50,000 records",
        "16:20:03 UTC annotating: 75,000 records",
        "16:20:03 UTC annotating: 100,000 records",
        "16:20:03 UTC storing the result: 100,000 records",
    )
    assert (progress.stage, progress.fraction, progress.records) == ("uploading", 1.0, 100_000)


def test_a_log_stays_small() -> None:
    noted = log()
    for number in range(200):
        progress = noted.note(f"stage {number} " + "x" * 500, 0.0)
    assert len(progress.log) == MOST_LINES
    assert progress.log[-1].startswith("16:20:03 UTC stage 199 ")
    assert {len(line) for line in progress.log} == {LONGEST_LINE}
