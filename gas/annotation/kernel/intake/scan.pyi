from collections.abc import Callable, Iterable
from typing import TypeAlias, final

from gas.annotation.kernel.intake.names import Names
from gas.annotation.kernel.records import Records

_Learned: TypeAlias = tuple[Iterable[bytes], Iterable[bytes], Iterable[bytes], Iterable[bytes]]

@final
class Scan:
    records: Records
    runs: list[tuple[str, int, int, int, int]]
    genotypes: list[tuple[int, int, int, int]]
    undeclared: tuple[dict[bytes, bool], dict[bytes, bool], dict[bytes, bool], dict[bytes, bool]]
    first: tuple[str, int] | None
    last: tuple[str, int] | None
    blank: int
    in_order: bool

@final
class Scanner:
    def __init__(
        self,
        contigs: Names,
        info: Names,
        formats: Names,
        filters: Names,
        columns: int,
        leading_phase: bool,
        check: Callable[[int, bytes, bool], _Learned],
    ) -> None: ...
    def scan(self, text: bytes, first_line: int) -> Scan: ...
