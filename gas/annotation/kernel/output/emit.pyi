from typing import final

from gas.annotation.kernel.columns import Column
from gas.annotation.kernel.memory import Buffer
from gas.annotation.kernel.records import Records

PER_ALLELE: int
LIST: int
VERBATIM_LIST: int

@final
class VcfText:
    text: Buffer
    spans: Buffer
    runs: list[tuple[bytes, int, int]]

def write_vcf(
    records: Records, fields: list[tuple[bytes, Column, int]], dropped: frozenset[bytes]
) -> VcfText: ...
