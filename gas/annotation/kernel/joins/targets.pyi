from gas.annotation.kernel.records import Records

SHIFT: int

def extent(records: Records, run: int, margin: int = 0) -> tuple[int, int]: ...
