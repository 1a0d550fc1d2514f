from gas.annotation.kernel.records import Records

KEY_BYTES: int

def keyed_lines(records: Records, ranks: list[int], first_line: int) -> list[bytes]: ...
