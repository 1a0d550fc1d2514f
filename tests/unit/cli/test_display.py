"""Progress: bars on a terminal, a line for each stage elsewhere."""

import io

from rich.console import Console

from gas.cli.display import display_on, show_bytes


def shown(*, terminal: bool) -> str:
    text = io.StringIO()
    console = Console(file=text, force_terminal=terminal, width=120)
    with display_on(console) as display:
        show_bytes(display, "a [b].vcf", "uploading", 500_000, 1_000_000)
        show_bytes(display, "a [b].vcf", "uploading", 1_000_000, 1_000_000)
        display.show("a [b].vcf", "waiting", None)
    return text.getvalue()


def test_lines_where_nobody_looks_on() -> None:
    assert shown(terminal=False) == "a [b].vcf: uploading\na [b].vcf: waiting\n"


def test_bars_on_a_terminal() -> None:
    text = shown(terminal=True)
    assert "\x1b[" in text
    assert "a [b].vcf" in text
    assert "waiting" in text


def test_upload_of_nothing_is_complete() -> None:
    text = io.StringIO()
    with display_on(Console(file=text, force_terminal=True, width=120)) as display:
        show_bytes(display, "empty.vcf", "uploading", 0, 0)
    assert "100 %" in text.getvalue()
