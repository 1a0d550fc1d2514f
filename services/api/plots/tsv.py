"""A plot's table as a file for spreadsheets and scripts."""

from collections.abc import Sequence

from services.api.plots.model import Cell, Plot

_BREAKS = str.maketrans({"\t": " ", "\n": " ", "\r": " "})


def to_tsv(plot: Plot) -> str:
    """A header line, then a line for each row; shares from 0 to 1 with four digits."""
    return "".join(_line(cells) for cells in (plot.columns, *plot.rows))


def _line(cells: Sequence[Cell]) -> str:
    return "\t".join(map(_text, cells)) + "\n"


def _text(cell: Cell) -> str:
    if isinstance(cell, float):
        return f"{cell:.4f}"
    return "" if cell is None else str(cell).translate(_BREAKS)
