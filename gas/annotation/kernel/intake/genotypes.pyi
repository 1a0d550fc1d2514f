from typing import final

from gas.annotation.kernel.intake.names import Names

@final
class Samples:
    def __init__(self, count: int, formats: Names, leading_phase: bool) -> None: ...
    def genotypes(self) -> list[tuple[int, int, int, int]]: ...
