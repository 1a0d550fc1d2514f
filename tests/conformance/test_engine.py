"""The engine on real and on odd input, against what others say of the same variants."""

import gzip
import re
from pathlib import Path

from gas.annotation import ANNOTATED_VCF, AnnotationResult, Limits, annotate, load_bundle
from gas.domain.errors import PermanentError

_LIMITS = Limits()
_PROTEIN = re.compile(r"(?:^|[;\t])PROTEIN=([^;\t]+)")
_CHANGE = re.compile(r"^(?P<gene>[^:]+):p\.(?P<before>[A-Z*])(?P<codon>\d+)(?P<after>[A-Z*=])$")


async def annotated(source: Path, out_dir: Path) -> AnnotationResult:
    return await annotate(source, out_dir, load_bundle("rCRS"), limits=_LIMITS)


async def test_anntools_sample(refdata: Path, tmp_path: Path) -> None:
    """The sample that earlier versions of this system ran."""
    made = await annotated(refdata / "anntools" / "test.vcf", tmp_path)
    assert (made.summary.alleles, made.summary.with_consequence) == (359, 268)


async def test_amino_acid_changes_are_those_of_mitomap(refdata: Path, tmp_path: Path) -> None:
    """All of them, but for start codons: of those HGVS says ``p.M1?``, MITOMAP a residue."""
    expected = _mitomap(refdata)
    source = tmp_path / "mitomap.vcf"
    rows = "".join(f"MT\t{pos}\t.\t{ref}\t{alt}\t.\t.\t.\n" for pos, ref, alt in sorted(expected))
    header = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
    source.write_text(header + rows, encoding="ascii")
    made = await annotated(source, tmp_path / "result")
    called = _called(made.files[ANNOTATED_VCF].path)
    beyond_start = {allele: change for allele, change in expected.items() if change[1] > 1}
    differing = {a: c for a, c in beyond_start.items() if c not in called.get(a, set())}
    assert len(beyond_start) > 11_000
    assert differing == {}


async def test_odd_input_gives_a_result_or_a_reason(refdata: Path, tmp_path: Path) -> None:
    """Never a crash, a hang, or an engine error; and a result has every record of the input."""
    inputs = sorted((refdata / "bad").iterdir())
    assert len(inputs) >= 45
    for source in inputs:
        out_dir = tmp_path / source.name
        refusal, records = await _outcome(source, out_dir)
        if refusal is None:
            assert records == _records(out_dir / ANNOTATED_VCF) > 0, source.name
        else:
            assert refusal.message.endswith("."), source.name
            assert list(out_dir.iterdir()) == [], source.name


async def _outcome(source: Path, out_dir: Path) -> tuple[PermanentError | None, int]:
    """A refusal, or the number of records in the result."""
    try:
        made = await annotated(source, out_dir)
    except PermanentError as refusal:
        return refusal, 0
    return None, made.summary.records


def _mitomap(refdata: Path) -> dict[tuple[int, str, str], tuple[str, int, str, str]]:
    """Gene, codon and residues of every substitution that MITOMAP gives just one of."""
    expected = {}
    with gzip.open(refdata / "mt" / "mitomap_aa_expected.tsv.gz", "rt") as table:
        next(table)
        for line in table:
            pos, ref, alt, gene, codon, _, change = line.rstrip("\n").split("\t")
            if re.fullmatch(r"[A-Z]-[A-Z]", change) and codon.isdecimal():
                before, after = change.split("-")
                expected[int(pos), ref, alt] = (gene, int(codon), before, after)
    return expected


def _called(path: Path) -> dict[tuple[int, str, str], set[tuple[str, int, str, str]]]:
    called: dict[tuple[int, str, str], set[tuple[str, int, str, str]]] = {}
    with gzip.open(path, "rt") as vcf:
        for line in vcf:
            found = None if line.startswith("#") else _PROTEIN.search(line)
            if not found:
                continue
            _, pos, _, ref, alt, *_ = line.split("\t")
            for one in re.split(r"[,&|]", found.group(1)):
                if change := _CHANGE.match(one):
                    after = change["before"] if change["after"] == "=" else change["after"]
                    called.setdefault((int(pos), ref, alt), set()).add(
                        (change["gene"], int(change["codon"]), change["before"], after)
                    )
    return called


def _records(path: Path) -> int:
    with gzip.open(path, "rt", errors="replace") as vcf:
        return sum(not line.startswith("#") for line in vcf)
