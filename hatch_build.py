"""Compiles the annotation kernel (Cython) into the tree; hatch calls this, and so may you.

``python hatch_build.py`` after a change of a ``.pyx`` compiles what changed, in place. A machine
without a C compiler gets one from PyPI (ziglang) for the build alone, so that Python is all that
GAS needs.
"""

import os
import shlex
import shutil
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

KERNEL = "gas/annotation/kernel"
_ZIG = "ziglang==0.15.2"
_FLAGS = ["-O2", "-fwrapv", "-Wno-unused-function", "-Wno-unreachable-code", "-Wno-sign-compare"]


def _has_compiler() -> bool:
    command = os.environ.get("CC") or str(sysconfig.get_config_var("CC") or "cc")
    return shutil.which(shlex.split(command)[0]) is not None


def compile_kernel(root: Path) -> None:
    """Compile every ``.pyx`` of the kernel beside its source."""
    from Cython.Build import cythonize  # noqa: PLC0415 - there only while building
    from setuptools import Distribution, Extension  # noqa: PLC0415

    if not _has_compiler():
        os.environ["CC"] = f"{sys.executable} -m ziglang cc"
        os.environ["LDSHARED"] = f"{sys.executable} -m ziglang cc -shared"
    before = Path.cwd()
    os.chdir(root)  # Cython and setuptools name modules by relative paths
    try:
        sources = sorted(Path(KERNEL).rglob("*.pyx"))
        extensions = cythonize(
            [
                Extension(
                    ".".join(source.with_suffix("").parts),
                    [str(source)],
                    extra_compile_args=_FLAGS,
                )
                for source in sources
            ],
            build_dir="build/kernel",
            compiler_directives={
                "language_level": 3,
                "boundscheck": False,
                "wraparound": False,
                "cdivision": True,
                "initializedcheck": False,
                "embedsignature": False,
            },
            quiet=True,
        )
        command = Distribution({"name": "gas", "ext_modules": extensions}).get_command_obj(
            "build_ext"
        )
        command.inplace = True
        command.build_temp = "build/kernel"
        command.parallel = os.cpu_count() or 1
        command.ensure_finalized()
        command.run()
    finally:
        os.chdir(before)


class KernelBuildHook(BuildHookInterface[Any]):
    """Hatch's door to the above."""

    def dependencies(self) -> list[str]:
        return [] if _has_compiler() else [_ZIG]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        del version
        compile_kernel(Path(self.root))
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
        build_data["artifacts"].append(f"/{KERNEL}/**/*{sysconfig.get_config_var('EXT_SUFFIX')}")


if __name__ == "__main__":
    compile_kernel(Path(__file__).parent)
