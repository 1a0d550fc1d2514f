from typing import final

from gas.annotation.kernel.emit import VcfText
from gas.annotation.kernel.memory import Buffer

@final
class TabixIndex:
    def add(self, lines: VcfText, starts: list[int], base: int, block_size: int) -> None: ...
    def content(self, shift: int) -> Buffer: ...
