from collections.abc import Iterable

from gas.annotation.kernel.columns import Column
from gas.annotation.kernel.records import Records

def annotate_regions(
    records: Records, run: int, pieces: Iterable[bytes], column: Column
) -> None: ...
