from typing import final

@final
class Sequence:
    contig_length: int
    def __init__(self, contig_length: int, windows: list[tuple[int, bytes]]) -> None: ...
