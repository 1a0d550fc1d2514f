from collections.abc import Iterable

from gas.annotation.kernel.columns import Column
from gas.annotation.kernel.records import Records
from gas.annotation.kernel.sequence import Sequence

def annotate_regions(
    records: Records, run: int, sequence: Sequence, pieces: Iterable[bytes], column: Column
) -> None: ...
