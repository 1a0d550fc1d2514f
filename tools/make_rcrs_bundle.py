# ruff: noqa: INP001 - a script to run, not a package to import
"""Rebuild the embedded bundle rCRS from its own sequence, genes and known alleles.

For a change of the format or of the recipe (rCRS.toml): run it from the repository's root.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from gas.annotation.reference.building.build import Obtained, build_bundle
from gas.annotation.reference.recipe import file_name, find_recipe
from gas.annotation.reference.verification import STAMP

_BUNDLE = Path("gas/annotation/data/rCRS")
_README = "README.md"


def main() -> int:
    recipe = find_recipe(str(Path(__file__).with_name("rCRS.toml")))
    urls = [url for part in recipe.downloads() for url in part.all_urls()]
    with tempfile.TemporaryDirectory(dir=_BUNDLE.parent) as folder:
        built = Path(folder) / "rCRS"
        obtained = {url: Obtained(_BUNDLE / file_name(url), None) for url in urls}
        bundle = build_bundle(recipe, obtained, built, lambda *_: None)
        shutil.copyfile(_BUNDLE / _README, built / _README)
        # A stamp speaks of the files of one machine.
        (built / STAMP).unlink()
        old = Path(folder) / "old"
        _BUNDLE.rename(old)
        built.rename(_BUNDLE)
    sys.stdout.write(f"{bundle.name} {bundle.version}: {bundle.size:,} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
