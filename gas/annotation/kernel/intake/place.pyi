from gas.annotation.kernel.records import Records
from gas.annotation.kernel.sequence import Sequence

def place(records: Records, run_index: int, sequence: Sequence | None) -> tuple[int, int, int]: ...
def spans(
    records: Records, run_index: int, gap: int, margin: int, contig_length: int
) -> list[tuple[int, int]]: ...
