from typing import final

from typing_extensions import Buffer as SupportsBuffer

@final
class Buffer(SupportsBuffer):
    def __len__(self) -> int: ...
    def __buffer__(self, flags: int, /) -> memoryview: ...
