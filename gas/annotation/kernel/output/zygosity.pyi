from gas.annotation.kernel.memory import Buffer
from gas.annotation.kernel.records import Records

def carriers(records: Records) -> tuple[Buffer, Buffer, Buffer]: ...
