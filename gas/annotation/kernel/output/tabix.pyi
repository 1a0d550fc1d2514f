from typing import final

from gas.annotation.kernel.memory import Buffer
from gas.annotation.kernel.output.emit import VcfText

@final
class TabixIndex:
    def add(self, lines: VcfText, starts: list[int], base: int, block_size: int) -> None: ...
    def content(self, shift: int) -> Buffer: ...
