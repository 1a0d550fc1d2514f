from typing import final

from gas.annotation.kernel.columns import Column
from gas.annotation.kernel.consequence.transcripts import Transcripts
from gas.annotation.kernel.records import Records
from gas.annotation.kernel.sequence import Sequence

@final
class EffectColumns:
    columns: list[Column]

def annotate_effects(
    records: Records,
    run: int,
    sequence: Sequence,
    transcripts: Transcripts,
    columns: EffectColumns,
) -> None: ...
