from typing import final

from gas.annotation.kernel.columns import Column
from gas.annotation.kernel.memory import Buffer

@final
class Distinct:
    values: Column
    indices: Buffer
    validity: Buffer
    nulls: int
    def __init__(self, column: Column) -> None: ...
    def counts(self) -> dict[bytes, int]: ...
