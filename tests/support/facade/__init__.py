"""A strict façade: a proxy before an AWS emulator that adds what emulators lack.

It verifies signatures and POST policies, takes its time over retrievals, and makes faults by a
plan, counting all it did. docs/emulators.md says what each emulator lacks.
"""

from tests.support.facade.archive import ArchiveClass
from tests.support.facade.faults import Fault, FaultPlan, Kind
from tests.support.facade.server import Facade

__all__ = ["ArchiveClass", "Facade", "Fault", "FaultPlan", "Kind"]
