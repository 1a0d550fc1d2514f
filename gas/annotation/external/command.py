"""What an operator says of their command: its arguments, and what it may use."""

from string import Formatter
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from gas.annotation.limits import GIB
from gas.annotation.reference.bundle import ReferenceBundle
from gas.domain.errors import ErrorCode, PermanentError

_PLACEHOLDERS = frozenset({"input", "output", "genome", "work"})


def _check_placeholders(arguments: tuple[str, ...]) -> tuple[str, ...]:
    unknown = _fields(arguments) - _PLACEHOLDERS
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in sorted(_PLACEHOLDERS))
        raise ValueError(
            f"unknown placeholder {{{min(unknown)}}}: there are {known}; "
            "a brace of the command's own is written twice"
        )
    return arguments


def _fields(arguments: tuple[str, ...]) -> set[str]:
    """The placeholders used; one with a conversion or format (``{input!r}``) counts as unknown."""
    found = set()
    for argument in arguments:
        for _, name, form, conversion in Formatter().parse(argument):
            if name is not None:
                found.add(f"{name}!{conversion}:{form}" if conversion or form else name)
    return found


Arguments = Annotated[tuple[str, ...], Field(min_length=1), AfterValidator(_check_placeholders)]


class ExternalCommand(BaseModel):
    """A command that reads the VCF ``{input}`` and writes it, annotated, to ``{output}``.

    Without ``{output}`` among its ``arguments``, what it prints is the output. ``{genome}`` is the
    bundle's name in ``genomes``, or its own where that is empty; ``{work}`` an empty folder. No
    shell is involved: each argument reaches the command as it is, and the first one is a path or is
    looked for on PATH. ``version_arguments`` are run first, and what they print is recorded.

    The command sees PATH, a home of its own and ``environment``, nothing else of ours.
    ``memory_bytes`` bounds the address space of each of its processes (a Java machine reserves
    several GiB more than its heap), ``seconds`` the whole by the clock and each process by CPU
    time, ``file_bytes`` each file that it writes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]*$")
    arguments: Arguments
    version_arguments: Arguments
    genomes: dict[str, str] = {}
    environment: dict[str, str] = {}
    memory_bytes: int = Field(16 * GIB, gt=0)
    seconds: float = Field(7200, gt=0)
    file_bytes: int = Field(50 * GIB, gt=0)
    open_files: int = Field(1024, ge=16)

    @model_validator(mode="after")
    def _reads_its_input(self) -> Self:
        if "input" not in _fields(self.arguments):
            raise ValueError("the arguments must name {input}")
        return self

    @property
    def prints_output(self) -> bool:
        """Whether the output is what the command prints."""
        return "output" not in _fields(self.arguments)

    def genome(self, bundle: ReferenceBundle) -> str:
        """What the command calls the bundle. Raises PermanentError UNKNOWN_GENOME."""
        if not self.genomes:
            return bundle.name
        if bundle.name not in self.genomes:
            raise PermanentError(
                ErrorCode.UNKNOWN_GENOME,
                f"{self.name} is not set up for the reference genome {bundle.name}.",
            )
        return self.genomes[bundle.name]


def fill_in(arguments: tuple[str, ...], values: dict[str, Any]) -> list[str]:
    """The arguments with their placeholders replaced."""
    return [argument.format_map(values) for argument in arguments]
