"""The figures of the explorer's benchmark as a table and as JSON."""

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.report import table

_GOAL_SECONDS = 0.3
_COLD, _FACETS = "cold", "facets"
_SLOWEST = 8


@dataclass(frozen=True)
class Answer:
    """One question: ``wall`` and ``cpu`` (all threads of the process) in seconds."""

    kind: str
    query: str
    matching: int
    wall: float
    cpu: float


def as_text(setting: Mapping[str, str], answers: Sequence[Answer], scans: Sequence[float]) -> str:
    kinds = list(dict.fromkeys(answer.kind for answer in answers))
    rows = [_row(kind, [a for a in answers if a.kind == kind]) for kind in kinds]
    rows.append(_row("all pages, warm", _pages(answers)))
    return "\n\n".join(
        [
            ", ".join(f"{name}: {value}" for name, value in setting.items()),
            table(("kind", "questions", "p50 ms", "p95 ms", "max ms", "CPU p50", "CPU p95"), rows),
            table(("slowest", "p50 ms", "matching"), _slowest(answers)),
            _verdict(summary(answers, scans)),
        ]
    )


def _verdict(figures: Mapping[str, float]) -> str:
    p95, scan = figures["p95"], figures["scan"]
    return (
        f"a plain scan of one column, in between: {_ms(scan)} ms; p95 is {p95 / scan:.1f} times that\n"
        f"goal: p95 of all pages, warm, under {_ms(_GOAL_SECONDS)} ms: {_ms(p95)} ms, "
        f"{'met' if p95 <= _GOAL_SECONDS else 'MISSED'}\n"
    )


def summary(answers: Sequence[Answer], scans: Sequence[float]) -> dict[str, Any]:
    """In seconds: ``p95`` of all warm pages, by the clock and of computing, and what else counts."""
    return {
        "p95": _percentile(_walls(_pages(answers)), 0.95),
        "cpu_p95": _percentile([answer.cpu for answer in _pages(answers)], 0.95),
        "facets_p95": _percentile(_walls([a for a in answers if a.kind == _FACETS]), 0.95),
        "cold_max": max(_walls([a for a in answers if a.kind == _COLD])),
        "scan": statistics.median(scans),
    }


def _pages(answers: Sequence[Answer]) -> list[Answer]:
    return [answer for answer in answers if answer.kind not in {_COLD, _FACETS}]


def _row(kind: str, answers: Sequence[Answer]) -> tuple[str, ...]:
    walls, computed = _walls(answers), [answer.cpu for answer in answers]
    return (
        kind,
        str(len({answer.query for answer in answers})),
        _ms(statistics.median(walls)),
        _ms(_percentile(walls, 0.95)),
        _ms(max(walls)),
        _ms(statistics.median(computed)),
        _ms(_percentile(computed, 0.95)),
    )


def _slowest(answers: Sequence[Answer]) -> list[tuple[str, ...]]:
    asked = {(answer.kind, answer.query): answer.matching for answer in answers}
    medians = [
        (statistics.median(_walls([a for a in answers if (a.kind, a.query) == key])), key)
        for key in asked
        if key[0] != _COLD
    ]
    return [
        (f"{kind}: {query}", _ms(seconds), f"{asked[kind, query]:,}")
        for seconds, (kind, query) in sorted(medians, reverse=True)[:_SLOWEST]
    ]


def _walls(answers: Sequence[Answer]) -> list[float]:
    return [answer.wall for answer in answers]


def _percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that so large a share of them does not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:,.0f}"
