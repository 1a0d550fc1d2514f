"""The figures as a table and as JSON, beside their goals."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks.measuring import Memory, Usage

_MIB = 1024**2


@dataclass(frozen=True)
class Row:
    """The median usage of one contender in one part, for ``count`` variants."""

    part: str
    name: str
    count: int
    usage: Usage

    @property
    def per_second(self) -> float:
        return self.count / self.usage.wall


@dataclass(frozen=True)
class Goal:
    name: str
    value: float
    wanted: float
    lower_is_better: bool = False

    @property
    def met(self) -> bool:
        return self.value <= self.wanted if self.lower_is_better else self.value >= self.wanted


@dataclass
class Report:
    """``setting`` says where it was measured; ``timings`` are seconds by stage, of one run."""

    setting: dict[str, str]
    rows: list[Row] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    memory: dict[str, Memory] = field(default_factory=dict)
    timings: dict[str, dict[str, dict[str, float]]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        fields = asdict(self)
        fields["rows"] = [asdict(row) | {"per_second": row.per_second} for row in self.rows]
        fields["goals"] = [asdict(goal) | {"met": goal.met} for goal in self.goals]
        return fields

    def as_text(self) -> str:
        parts = [", ".join(f"{name}: {value}" for name, value in self.setting.items())]
        if self.rows:
            parts.append(
                table(("part", "tool", "variants", "wall s", "CPU s", "variants/s"), self._rows())
            )
        if self.memory:
            peaks = [
                (name, f"{peak.rss / _MIB:.0f}", f"{peak.pss / _MIB:.0f}")
                for name, peak in self.memory.items()
            ]
            parts.append(table(("peak memory", "RSS MiB", "PSS MiB"), peaks))
        parts += (stages_table(name, stages) for name, stages in self.timings.items())
        if self.goals:
            goals = [
                (
                    goal.name,
                    f"{goal.value:,.4g}",
                    f"{'<' if goal.lower_is_better else '>'}= {goal.wanted:,g}",
                    "met" if goal.met else "MISSED",
                )
                for goal in self.goals
            ]
            parts.append(table(("goal", "measured", "wanted", ""), goals))
        parts += [f"FAILED {failure}" for failure in self.failures]
        return "\n\n".join(parts) + "\n"

    def _rows(self) -> list[tuple[str, ...]]:
        return [
            (
                r.part,
                r.name,
                f"{r.count:,}",
                f"{r.usage.wall:.2f}",
                f"{r.usage.cpu:.2f}",
                f"{r.per_second:,.0f}",
            )
            for r in self.rows
        ]


def stages_table(title: str, stages: dict[str, dict[str, float]]) -> str:
    """The wall and CPU time of each stage, in milliseconds."""
    rows = [
        (name, _milliseconds(stage, "wall"), _milliseconds(stage, "cpu"))
        for name, stage in stages.items()
    ]
    return table((title, "wall ms", "CPU ms"), rows)


def _milliseconds(stage: dict[str, float], kind: str) -> str:
    return f"{1000 * stage[kind]:.1f}" if kind in stage else ""


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    columns = [_aligned(head, cells) for head, *cells in zip(heads, *rows, strict=True)]
    return "\n".join("  ".join(line).rstrip() for line in zip(*columns, strict=True))


def _aligned(head: str, cells: Sequence[str]) -> list[str]:
    """A column, ruled below its head; numbers to the right."""
    width = max(map(len, (head, *cells)))
    numbers = all(cell[:1].isdecimal() or not cell for cell in cells)
    lines = (head, "-" * width, *cells)
    return [line.rjust(width) if numbers else line.ljust(width) for line in lines]
