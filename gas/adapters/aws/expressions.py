"""Expressions of DynamoDB, without a thought for its reserved words."""

from collections.abc import Mapping
from typing import Any

from gas.adapters.aws.items import to_attribute


class Terms:
    """Collects the names and values that the expressions of one request speak of."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._values: dict[str, Any] = {}

    def equal(self, expected: Mapping[str, Any]) -> str:
        """A condition: every attribute is as expected, where None means absent."""
        return " AND ".join(
            f"attribute_not_exists({self.name(attribute)})"
            if value is None
            else f"{self.name(attribute)} = {self.value(value)}"
            for attribute, value in expected.items()
        )

    def of_user(self, user_id: str, sort_key_prefix: str) -> str:
        """A key condition: a user's items whose sort key begins so."""
        user = self.equal({"user_id": user_id})
        return f"{user} AND begins_with({self.name('sk')}, {self.value(sort_key_prefix)})"

    def assign(self, changes: Mapping[str, Any]) -> str:
        """An update: every attribute becomes its value, where None removes it."""
        sets = [f"{self.name(a)} = {self.value(v)}" for a, v in changes.items() if v is not None]
        removes = [self.name(a) for a, v in changes.items() if v is None]
        return " ".join(
            f"{verb} {', '.join(terms)}"
            for verb, terms in (("SET", sets), ("REMOVE", removes))
            if terms
        )

    def name(self, attribute: str) -> str:
        self._names[f"#{attribute}"] = attribute
        return f"#{attribute}"

    def value(self, value: Any) -> str:
        placeholder = f":v{len(self._values)}"
        self._values[placeholder] = to_attribute(value)
        return placeholder

    @property
    def names(self) -> dict[str, str]:
        return self._names

    @property
    def values(self) -> dict[str, Any]:
        return self._values
