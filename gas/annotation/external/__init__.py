"""An operator's own annotation command (SnpEff, VEP, AnnTools …) as an engine; docs/engines.md."""

from gas.annotation.external.command import ExternalCommand
from gas.annotation.external.engine import ExternalEngine

__all__ = ["ExternalCommand", "ExternalEngine"]
