"""Which of one's jobs the page shows, as its address says it."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import QueryParams

from gas.domain import states
from gas.domain.states import State

PATH = "/jobs"

_MAX_TEXT = 200


class Tab(StrEnum):
    """The kinds of jobs that one looks for."""

    ALL = "all"
    ACTIVE = "active"
    DONE = "done"
    ARCHIVED = "archived"
    FAILED = "failed"

    @property
    def label(self) -> str:
        return "Failed or cancelled" if self is Tab.FAILED else self.capitalize()

    @property
    def states(self) -> frozenset[State]:
        """A result that moves is archived: it cannot be downloaded."""
        return _STATES[self]


_STATES = {
    Tab.ALL: states.ALL_STATES - {states.DELETING},
    Tab.ACTIVE: frozenset({states.DRAFT, states.SUBMITTED, states.RUNNING}),
    Tab.DONE: frozenset({states.AVAILABLE}),
    Tab.ARCHIVED: frozenset({states.ARCHIVING, states.ARCHIVED, states.RESTORING}),
    Tab.FAILED: frozenset({states.FAILED, states.CANCELLED}),
}


@dataclass(frozen=True)
class ListQuery:
    """One address of the list. ``text`` is searched for in names; ``cursor`` leads to older jobs."""

    tab: Tab = Tab.ALL
    text: str = ""
    cursor: str | None = None

    @classmethod
    def from_query(cls, query: str) -> Self:
        """What makes no sense is left out: an address may be old, or typed by hand."""
        params = QueryParams(parse_qsl(query))
        tab = params.get("state", "")
        return cls(
            tab=Tab(tab) if tab in set(Tab) else Tab.ALL,
            text=params.get("q", "").strip()[:_MAX_TEXT],
            cursor=params.get("cursor"),
        )

    def address(self, **more: str | list[str]) -> str:
        """Where it is shown."""
        query = urlencode([*self._params(), *more.items()], doseq=True)
        return f"{PATH}?{query}" if query else PATH

    def but(self, **changes: Any) -> Self:
        """The same with these changes, from its newest job on."""
        return replace(self, cursor=None, **changes)

    def older(self, cursor: str) -> Self:
        return replace(self, cursor=cursor)

    @property
    def is_everything(self) -> bool:
        return self == type(self)()

    def _params(self) -> list[tuple[str, str]]:
        """Only what is not as usual."""
        tab = "" if self.tab is Tab.ALL else self.tab.value
        params = [("state", tab), ("q", self.text), ("cursor", self.cursor or "")]
        return [(name, value) for name, value in params if value]
