"""What a plot is. Lengths are in the units of its SVG's view box, of which 1 is about a pixel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

WIDTH = 400
"""Of every figure: legible on a telephone, where all of it is shown at 0.8 of its size."""

Tone = Literal["plain", "high", "moderate", "low", "modifier", "first", "second", "third", "none"]
"""The meaning of a colour; the style sheet says which one that is, in light and in dark."""

Filters = Mapping[str, str]
"""Parameters of the explorer that show what a bar stands for."""

Cell = str | int | float | None


@dataclass(frozen=True)
class Box:
    """A rectangle; ``y`` runs downwards."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Bar:
    """A row: its label and its value above a horizontal bar. ``tip`` says it in words."""

    label: str
    value: str
    tip: str
    tone: Tone
    label_y: float
    box: Box
    filters: Filters | None = None


@dataclass(frozen=True)
class Bars:
    """Rows below each other, from the left edge, linear from zero."""

    height: float
    bars: Sequence[Bar]
    kind: Literal["bars"] = "bars"


@dataclass(frozen=True)
class Column:
    """An upright bar; ``value`` stands above it, where there is room."""

    value: str
    tip: str
    tone: Tone
    box: Box


@dataclass(frozen=True)
class Tick:
    """A mark on the x axis."""

    x: float
    label: str


@dataclass(frozen=True)
class Columns:
    """Bins side by side on one axis, linear from zero."""

    height: float
    base: float
    columns: Sequence[Column]
    ticks: Sequence[Tick]
    axis: str
    kind: Literal["columns"] = "columns"


@dataclass(frozen=True)
class Part:
    """A piece of a row."""

    tip: str
    tone: Tone
    box: Box


@dataclass(frozen=True)
class Stack:
    """A row whose parts add up to all of it."""

    label: str
    value: str
    label_y: float
    parts: Sequence[Part]


@dataclass(frozen=True)
class Stacks:
    """Rows below each other, each as wide as the figure."""

    height: float
    stacks: Sequence[Stack]
    legend: Sequence[tuple[Tone, str]]
    kind: Literal["stacks"] = "stacks"


@dataclass(frozen=True)
class Plot:
    """A figure with its caption and its table.

    ``name`` is its name in addresses. ``rows`` are the whole table, of which a figure with very
    many rows draws the first ones; then the caption says so. Shares are from 0 to 1.
    """

    name: str
    title: str
    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    figure: Bars | Columns | Stacks

    @property
    def leads_on(self) -> bool:
        """Whether something in it can be looked at in the explorer."""
        return isinstance(self.figure, Bars) and any(bar.filters for bar in self.figure.bars)
