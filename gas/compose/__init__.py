"""The stack of docker-compose.yml, driven from Python: for the demo and for tests."""

from gas.compose.errors import ComposeError
from gas.compose.project import ComposeProject, Container
from gas.compose.stack import ComposeOptions, ComposeStack

__all__ = ["ComposeError", "ComposeOptions", "ComposeProject", "ComposeStack", "Container"]
