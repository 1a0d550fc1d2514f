# ruff: noqa: INP001 - a script to run, not a package to import
"""Writes the demo VCF: real mitochondrial haplogroups and confirmed disease variants.

Every allele is a published fact. The haplogroups are the motifs of PhyloTree Build 17, written
as a tree that starts at the reference (rCRS, haplogroup H2a2a1): each node lists how it differs
from its parent. The disease variants are those that MITOMAP marks as confirmed. Each row is
checked: REF against the sequence, REF and ALT against the bundle's table of known variants.

Usage: python tools/make_demo_vcf.py > gas/annotation/data/demo/haplogroups.vcf
"""

import gzip
import re
import sys
from pathlib import Path

BUNDLE = Path(__file__).parent.parent / "gas" / "annotation" / "data" / "rCRS"
CONTIG = "MT"
CONFIRMED_SAMPLE = "confirmed_disease_variants"

# node: (parent, changes). "73G" sets a base, "-73" takes the reference's back, "8270d9" deletes
# the nine bases behind 8270.
TREE = {
    "H": ("rCRS", "263G 750G 1438G 4769G 8860G 15326G"),
    "H1": ("H", "3010A"),
    "H3": ("H", "6776C"),
    "H4": ("H", "3992T 5004C 9123A"),
    "H5": ("H", "456T 16304C"),
    "H6": ("H", "239C 16362C 16482G"),
    "H6a": ("H6", "3915A 4727G 9380A"),
    "H7": ("H", "4793G"),
    "HV": ("H", "2706G 7028T"),
    "HV0": ("HV", "72C 16298C"),
    "V": ("HV0", "4580A 15904T"),
    "R0": ("HV", "14766T"),
    "R": ("R0", "73G 11719A"),
    "JT": ("R", "11251G 15452A 16126C"),
    "J": ("JT", "295T 489C 10398G 12612G 13708A 16069T"),
    "J1": ("J", "462T 3010A"),
    "J1c": ("J1", "185A 228A 14798C"),
    "J2": ("J", "150T 7476T 15257A"),
    "T": ("JT", "709A 1888A 4917G 8697A 10463C 13368A 14905A 15607G 15928A 16294T"),
    "T1": ("T", "12633A 16163G 16186T 16189C"),
    "T2": ("T", "11812G 14233G 16296T"),
    "T2b": ("T2", "930A 5147A 16304C"),
    "U": ("R", "11467G 12308G 12372A"),
    "U2e": (
        "U",
        """217C 340T 508G 3720G 5390G 5426C 6045T 6152C 10876G 13020C 13734C 15907G 16051G 16129C
        16189C 16362C""",
    ),
    "U3": ("U", "150T 14139G 15454C 16343G"),
    "U4": ("U", "195C 499A 4646C 5999C 6047G 11332T 14620T 15693C 16356C"),
    "U5": ("U", "3197C 9477A 13617C 16192T 16270T"),
    "U5a": ("U5", "14793G 16256T"),
    "U5a1": ("U5a", "15218G 16399G"),
    "U5b": ("U5", "150T 7768G 14182C"),
    "U6": ("U", "3348G 16172C"),
    "U7": ("U", "980C 3741T 5360T 8137T 8684T 10142T 13500C 14569A 16318T"),
    "U8": ("U", "9698C"),
    "K": ("U8", "3480G 9055A 10550G 11299C 14167T 14798C 16224C 16311C"),
    "K1": ("K", "1189C 10398G"),
    "K1a": ("K1", "497T"),
    "K2": ("K", "146C 9716C"),
    "R9": ("R", "3970T 13928C 16304C"),
    "F": ("R9", "248d1 6392C 10310A"),
    "F1": ("F", "6962A 10609C 12406A 12882T"),
    "B4'5": ("R", "8270d9 16189C"),
    "B4": ("B4'5", "16217C"),
    "B4b": ("B4", "499A 827G 4820A 13590A 15535T"),
    "B2": ("B4b", "3547G 4977C 6473T 9950C 11177T"),
    "P": ("R", "15607G"),
    "N": ("R", "12705T 16223T"),
    "N1": ("N", "1719A 10238C 12501A"),
    "I": ("N1", "199C 250C 4529T 8251A 10034C 10398G 13780G 15043A 15924G 16129A 16391A"),
    "N2": ("N", "189G 709A 5046A 11674T 12414C"),
    "W": ("N2", "195C 204C 207A 1243C 3505G 5460A 8251A 8994A 11947G 15884C 16292T"),
    "X": ("N", "153G 6221C 6371T 13966G 14470C 16189C 16278T"),
    "X2": ("X", "195C 1719A"),
    "A": ("N", "235G 663G 1736G 4248C 4824G 8794T 16290T 16319A"),
    "A2": ("A", "64T 146C 153G 8027A 12007A 16111T 16362C"),
    "N9": ("N", "5417A"),
    "N9a": ("N9", "150T 5231A 12358G 12372A 16257A 16261T"),
    "Y": ("N9", "8392A 10398G 14178C 14693G 16126C 16231C"),
    "L3": ("N", "8701G 9540C 10398G 10873C 15301A"),
    "M": ("L3", "489C 10400T 14783C 15043A"),
    "M1": ("M", "6446A 6680C 12403T 12950C 14110C 16129A 16189C 16249C 16311C"),
    "M7": ("M", "6455T 9824C"),
    "M7a": ("M7", "2626C 2772T 4386C 4958G 12771A 14364A 16209C"),
    "M8": ("M", "4715G 7196A 8584A 15487T 16298C"),
    "CZ": ("M8", "248d1"),
    "C": ("CZ", "3552A 9545G 11914A 13263G 14318C 16327T"),
    "C4": ("C", "6026A 11969A 15204C"),
    "Z": ("CZ", "6752G 9090C 15784C 16185T 16260T"),
    "D": ("M", "5178A 16362C"),
    "D4": ("D", "3010A 8414T 14668T"),
    "D4a": ("D4", "152C 3206T 8473C 14979C 16129A"),
    "E": ("M", "7598A 16362C"),
    "G": ("M", "709A 4833G 5108C 16362C"),
    "Q": ("M", "4117C 5843G 8790A 12940A 16129A 16241G 16311C"),
    "L3b": (
        "L3",
        "3450T 5773A 6221C 9449T 10086G 13914A 15311G 15824G 16124C 16278T 16362C",
    ),
    "L3d": ("L3", "5147A 7424G 8618C 13886C 14284T 16124C"),
    "L3'4": ("L3", "769A 1018A 16311C"),
    "L2'3'4'6": ("L3'4", "3594T 7256T 13650T 16278T"),
    "L2": ("L2'3'4'6", "2416C 8206A 9221G 10115C 13590A 16390A"),
    "L2a": ("L2", "2789T 7175C 7274T 7771G 11914A 13803G 14566G 16294T"),
    "L2a1": ("L2a", "12693G 15784C 16309G"),
    "L2'3'4'5'6": ("L2'3'4'6", "2758A 2885C 7146G 8468T"),
    "L1'2'3'4'5'6": (
        "L2'3'4'5'6",
        "247A 825A 8655T 10688A 10810C 13105G 13506T -15301 16129A 16187T 16189C",
    ),
    "L1": ("L1'2'3'4'5'6", "3666A 7055G 7389C 13789C 14178C 14560A"),
    "L1b1": (
        "L1",
        """357G 709A 1738C 2352C 2768G 3308C 3693A 5036G 5046A 5393C 5655C 6548T 6827C 6989G 7867T
        8248G 12519C 13880A 14203G 15115C 16126C 16264T 16270T""",
    ),
    "mtMRCA": ("L1'2'3'4'5'6", "4312T 10664T 10915C 11914A 13276G 16230G"),
    "L0": ("mtMRCA", "-263 1048T 5442C 6185C 9042T 9347G 10589A 12007A 12720G"),
}
SAMPLES = (
    *("H1", "H3", "H4", "H5", "H6a", "H7", "V", "J1c", "J2", "T1", "T2b", "U2e", "U3", "U4"),
    *("U5a1", "U5b", "U6", "U7", "K1a", "K2", "F1", "B2", "P", "I", "W", "X2", "A2", "N9a", "Y"),
    *("M1", "M7a", "C4", "Z", "D4a", "E", "G", "Q", "L3b", "L3d", "L2a1", "L1b1", "L0"),
)

Site = tuple[int, str]  # position, REF


class Reference:
    """The bundle's sequence (positions from 1) and its table of known alleles."""

    def __init__(self) -> None:
        lines = gzip.decompress((BUNDLE / "sequence.fa.gz").read_bytes()).decode().splitlines()
        self._bases = "".join(lines[1:])
        self.known: dict[tuple[int, str, str], list[str]] = {}
        with gzip.open(BUNDLE / "known.tsv.gz", "rt") as table:
            for row in table:
                _, position, reference, alternate, *values = row.rstrip("\n").split("\t")
                self.known[int(position), reference, alternate] = values

    def bases(self, position: int, length: int = 1) -> str:
        return self._bases[position - 1 : position - 1 + length]

    def left_aligned(self, position: int, length: int) -> tuple[int, str, str]:
        """The deletion of ``length`` bases behind ``position``, moved as far left as it goes."""
        while position > 1 and self.bases(position) == self.bases(position + length):
            position -= 1
        return position, self.bases(position, length + 1), self.bases(position)


def alleles_of(node: str, reference: Reference) -> dict[Site, str]:
    """All differences of a haplogroup from the reference: site -> ALT."""
    if node == "rCRS":
        return {}
    parent, changes = TREE[node]
    alleles = alleles_of(parent, reference)
    for change in changes.split():
        if change.startswith("-"):
            position = int(change[1:])
            del alleles[position, reference.bases(position)]
        elif match := re.fullmatch(r"(\d+)d(\d+)", change):
            position, ref, alt = reference.left_aligned(int(match[1]), int(match[2]))
            alleles[position, ref] = alt
        else:
            position, alt = int(change[:-1]), change[-1]
            alleles[position, reference.bases(position)] = alt
    return alleles


def check(carriers: dict[Site, dict[str, str]], reference: Reference) -> list[str]:
    """What of the rows is not a known variant."""
    faults = []
    for (position, ref), by_sample in carriers.items():
        for alt in sorted(set(by_sample.values())):
            values = reference.known.get((position, ref, alt))
            if reference.bases(position, len(ref)) != ref or ref == alt or values is None:
                faults.append(f"{position} {ref}>{alt} is no known variant")
            elif values[1] in (".", "0") and CONFIRMED_SAMPLE not in by_sample:
                faults.append(f"{position} {ref}>{alt} was seen in no sequence of MITOMAP")
    return faults


def rows(carriers: dict[Site, dict[str, str]], samples: list[str]) -> list[str]:
    lines = []
    for (position, ref), by_sample in sorted(carriers.items()):
        alternates = sorted(set(by_sample.values()))
        genotypes = [
            str(alternates.index(by_sample[name]) + 1) if name in by_sample else "0"
            for name in samples
        ]
        counts = ",".join(str(genotypes.count(str(n + 1))) for n in range(len(alternates)))
        info = f"AC={counts};AN={len(samples)}"
        fixed = [CONTIG, str(position), ".", ref, ",".join(alternates), ".", "PASS", info, "GT"]
        lines.append("\t".join(fixed + genotypes))
    return lines


def main() -> int:
    reference = Reference()
    carriers: dict[Site, dict[str, str]] = {}
    for name in SAMPLES:
        for site, alternate in alleles_of(name, reference).items():
            carriers.setdefault(site, {})[name] = alternate
    samples = list(SAMPLES)
    for (position, ref, alt), values in reference.known.items():
        if values[-1] == ".":  # the last column says whether the variant is confirmed
            continue
        # A site with several confirmed alleles needs as many sequences to carry them.
        number = 1
        name = CONFIRMED_SAMPLE
        while name in carriers.get((position, ref), {}):
            number += 1
            name = f"{CONFIRMED_SAMPLE}_{number}"
        if name not in samples:
            samples.append(name)
        carriers.setdefault((position, ref), {})[name] = alt
    if faults := check(carriers, reference):
        sys.stderr.write("\n".join(faults) + "\n")
        return 1
    header = [
        "##fileformat=VCFv4.2",
        "##source=tools/make_demo_vcf.py",
        "##reference=NC_012920.1",
        "##contig=<ID=MT,length=16569>",
        '##FILTER=<ID=PASS,Description="All filters passed">',
        '##INFO=<ID=AC,Number=A,Type=Integer,Description="Allele count in genotypes">',
        '##INFO=<ID=AN,Number=1,Type=Integer,Description="Number of alleles in genotypes">',
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
        "\t".join(
            ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", *samples]
        ),
    ]
    sys.stdout.write("\n".join([*header, *rows(carriers, samples)]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
