from typing import final

from gas.annotation.kernel.columns import Column
from gas.annotation.kernel.records import Records

LONGEST_COUNTED: int

@final
class AlleleCounts:
    records: int
    alleles: int
    annotated: int
    multiallelic: int
    transitions: int
    transversions: int
    skipped: dict[str, int]
    kinds: dict[str, int]
    lengths: dict[int, int]

def count_alleles(records: Records) -> AlleleCounts: ...
def count_values(column: Column) -> dict[bytes, int]: ...
def count_present(records: Records, columns: list[Column]) -> int: ...
def count_below(column: Column, bounds: tuple[float, ...]) -> list[int]: ...
