"""Where bars, columns and stacks are drawn."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.api.plots.model import (
    WIDTH,
    Bar,
    Bars,
    Box,
    Column,
    Columns,
    Filters,
    Part,
    Stack,
    Stacks,
    Tick,
    Tone,
)
from services.api.plots.words import compact, counted, share_of, shortened
from services.api.web.filters import percent

_ROW = 36
_LABEL_Y = 14
_BAR_Y = 20
_BAR_HEIGHT = 8
_LONGEST_BESIDE_WORDS = 28
_THINNEST = 2  # of what is not zero, or nobody would see it

_TOP = 18  # room for the values above the columns
_PLOT_HEIGHT = 150
_AXIS_HEIGHT = 42  # ticks, then the name of the axis
_WIDEST_COLUMN = 64
_ROOM_FOR_VALUE = 30


@dataclass(frozen=True)
class Count:
    """So many of something; ``filters`` show them in the explorer."""

    label: str
    count: int
    tone: Tone = "plain"
    filters: Filters | None = None


@dataclass(frozen=True)
class Bin:
    """``tick`` is what stands below it, if anything; ``words`` what it holds."""

    words: str
    count: int
    tick: str | None
    tone: Tone = "plain"


def draw_bars(counts: Sequence[Count], *, total: int, unit: str) -> Bars:
    """A bar for each; shares are of ``total``, lengths relative to the largest."""
    largest = max((entry.count for entry in counts), default=0)
    bars = []
    for index, entry in enumerate(counts):
        share = percent(share_of(entry.count, total))
        top = index * _ROW
        width = _visible(share_of(entry.count, largest) * WIDTH, entry.count)
        bars.append(
            Bar(
                label=shortened(entry.label),
                value=f"{entry.count:,} ({share})",
                tip=f"{entry.label}: {counted(entry.count, unit)}, {share}",
                tone=entry.tone,
                label_y=top + _LABEL_Y,
                box=Box(0, top + _BAR_Y, width, _BAR_HEIGHT),
                filters=entry.filters,
            )
        )
    return Bars(len(counts) * _ROW, bars)


def draw_columns(bins: Sequence[Bin], *, unit: str, axis: str) -> Columns:
    """Bins of equal width over the whole figure, the highest as high as it can be."""
    total = sum(entry.count for entry in bins)
    largest = max((entry.count for entry in bins), default=0)
    step = WIDTH / max(1, len(bins))
    width = min(_WIDEST_COLUMN, step * 0.8)
    base = _TOP + _PLOT_HEIGHT
    columns, ticks = [], []
    for index, entry in enumerate(bins):
        middle = (index + 0.5) * step
        height = _visible(share_of(entry.count, largest) * _PLOT_HEIGHT, entry.count)
        share = percent(share_of(entry.count, total))
        columns.append(
            Column(
                value=compact(entry.count) if step >= _ROOM_FOR_VALUE else "",
                tip=f"{entry.words}: {counted(entry.count, unit)}, {share}",
                tone=entry.tone,
                box=Box(_round(middle - width / 2), _round(base - height), _round(width), height),
            )
        )
        if entry.tick is not None:
            ticks.append(Tick(_round(middle), entry.tick))
    return Columns(base + _AXIS_HEIGHT, base, columns, ticks, axis)


def draw_stacks(
    rows: Sequence[tuple[str, Sequence[int]]], legend: Sequence[tuple[Tone, str]], *, unit: str
) -> Stacks:
    """A row of genotypes for each label, in the order of the ``legend``.

    The first is as the reference, the last not wholly known; between are those with an alternate.
    """
    stacks = []
    for index, (label, counts) in enumerate(rows):
        top, total, x = index * _ROW, sum(counts), 0.0
        parts = []
        for (tone, name), count in zip(legend, counts, strict=True):
            width = share_of(count, total) * WIDTH
            box = Box(_round(x), top + _BAR_Y, _round(width), _BAR_HEIGHT)
            share = percent(share_of(count, total))
            parts.append(Part(f"{label}, {name}: {counted(count, unit)}, {share}", tone, box))
            x += width
        value = f"{sum(counts[1:-1]):,} with alternate"
        label_shown = shortened(label, _LONGEST_BESIDE_WORDS)
        stacks.append(Stack(label_shown, value, top + _LABEL_Y, tuple(parts)))
    return Stacks(len(rows) * _ROW, stacks, legend)


def _visible(length: float, count: int) -> float:
    return _round(max(length, _THINNEST)) if count else 0.0


def _round(length: float) -> float:
    return round(length, 2)
