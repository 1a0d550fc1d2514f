"""A twin of every adapter in memory: the same behaviour, held to it by the contract suite."""

from gas.adapters.memory.wiring import MemoryPorts, memory_ports

__all__ = ["MemoryPorts", "memory_ports"]
