"""Record lines for tests: right ones, and ones broken in one place or another."""

import random

from hypothesis import strategies as st

from gas.annotation.vcf.header import InputHeader, read_header

CONTIGS = ("one", "two", "HLA-A*01:01")
# Small enough that records often overlap, meet and reach outside; not the same base everywhere.
BASES = b"ACGTTGCAACCGGTTNACGTACGTAAAATTTTCCCCGGGGACGATCGATCRYACGTACGTAC"
SAMPLES = ("a", "b")
HEADER_LINES = (
    "##fileformat=VCFv4.4",
    "##contig=<ID=one,length=60>",
    "##contig=<ID=two>",
    "##contig=<ID=HLA-A*01:01>",
    '##FILTER=<ID=q10,Description="low">',
    '##INFO=<ID=AC,Number=A,Type=Integer,Description="count">',
    '##INFO=<ID=AF,Number=A,Type=Float,Description="share">',
    '##INFO=<ID=DB,Number=0,Type=Flag,Description="flag">',
    '##INFO=<ID=TX,Number=.,Type=String,Description="text">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="genotype">',
    '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="depth">',
    '##FORMAT=<ID=GL,Number=G,Type=Float,Description="likelihoods">',
    '##FORMAT=<ID=FT,Number=1,Type=String,Description="filter">',
)
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"


def header(samples: tuple[str, ...] = SAMPLES) -> InputHeader:
    columns = "\t".join([COLUMNS, "FORMAT", *samples]) if samples else COLUMNS
    return header_of(*HEADER_LINES, columns=columns)


def header_of(*meta: str, columns: str = COLUMNS) -> InputHeader:
    return read_header(iter(enumerate([*meta, columns], start=1)))


def header_text(samples: tuple[str, ...] = SAMPLES) -> bytes:
    made = header(samples)
    return "".join(f"{line}\n" for line in (*made.meta, made.column_line)).encode()


def _joined(values: st.SearchStrategy[str], by: str, most: int = 3) -> st.SearchStrategy[str]:
    return st.lists(values, min_size=1, max_size=most).map(by.join)


_bases = st.text("ACGTacgtNR", min_size=1, max_size=4)
_odd_alleles = st.sampled_from(
    [
        "*",
        "<DEL>",
        "<DUP:TANDEM>",
        "C<ctg>",
        "<*>",
        "A[one:7[",
        "]two:3]T",
        "[<c>:1[A",
        ".A",
        "G.",
        "N",
    ]
)
_integers = st.one_of(st.integers(-(10**6), 10**9).map(str), st.just("."), st.just("+7"))
_floats = st.one_of(
    st.sampled_from(["0.5", ".5", "5.", "1e-9", "-1E+5", "nan", "-inf", "Infinity", ".", "007"]),
    st.floats(allow_nan=True).map(str),
)
_info = st.one_of(
    st.builds("AC={}".format, _joined(_integers, ",")),
    st.builds("AF={}".format, _joined(_floats, ",")),
    st.sampled_from(
        [
            "DB",
            "TX=a%3Bb",
            "TX",
            "TX=",
            "TX=é=x",
            "",
            ".",
            "NEW=1",
            "END=9",
            "SVLEN=-7,.",
            "NEW",
            "OTHER=x y",
        ]
    ),
)
_genotypes = st.sampled_from(
    ["0/1", "1|0", "0/0", "1/1", "./.", ".", "0", "1", "./1", "|0/1", "0/0/1"]
)
_values = {
    "GT": _genotypes,
    "DP": _integers,
    "GL": _joined(_floats, ","),
    "FT": st.sampled_from(["PASS", "", "a,b"]),
    "XX": st.sampled_from(["", ".", "5", "é"]),
    ".": st.just("."),
}
_formats = st.one_of(
    st.lists(st.sampled_from(["DP", "GL", "FT", "XX"]), min_size=1, max_size=4, unique=True),
    st.lists(st.sampled_from(["DP", "GL", "FT", "XX"]), max_size=4, unique=True).map(
        lambda keys: ["GT", *keys]
    ),
    st.just(["."]),
)


@st.composite
def right_lines(draw: st.DrawFn, samples: tuple[str, ...] = SAMPLES) -> bytes:
    """A line that the careful checker accepts; its genotypes know the first alternate alone."""
    alternates = draw(st.one_of(_joined(st.one_of(_bases, _bases, _odd_alleles), ",")))
    columns = [
        draw(st.sampled_from([*CONTIGS, "undeclared"])),
        str(draw(st.one_of(st.integers(0, 70), st.integers(0, 2**29 - 1)))),
        draw(st.sampled_from([".", "rs1;rs2", "é"])),
        draw(_bases),
        alternates,
        draw(_floats.filter(bool)),
        draw(st.sampled_from([".", "PASS", "q10", "q10;new", "new"])),
        draw(_joined(_info, ";").filter(bool)),
    ]
    if samples:
        keys = draw(_formats)
        columns.append(":".join(keys))
        for _ in samples:
            kept = draw(st.integers(1, len(keys)))
            columns.append(":".join(draw(_values[key]) for key in keys[:kept]))
        columns[-1] = columns[-1] or "."  # only the last sample must not be empty
    return "\t".join(columns).encode()


@st.composite
def broken_lines(draw: st.DrawFn) -> bytes:
    """A right line with a few bytes put in, taken out or replaced; it may still be right."""
    line = bytearray(draw(right_lines()))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(line)))
        new = draw(
            st.one_of(
                st.sampled_from(list(b"\t:;,./|=<>[]*+-019ACGTN. \r\0#\xc3\xa0\x1c")).map(
                    lambda byte: bytes([byte])
                ),
                st.binary(max_size=2),
            )
        )
        line[at : at + draw(st.integers(0, 2))] = new.replace(b"\n", b"")
    return bytes(line)


def mutated(content: bytes, others: list[bytes], rng: random.Random) -> bytes:
    """``content`` with bytes flipped, a part cut out or off, doubled, or spliced with another's."""
    data = bytearray(content)
    for _ in range(rng.randint(1, 4)):
        at, end = sorted(rng.choices(range(len(data) + 1), k=2))
        match rng.randrange(6):
            case 0:
                del data[at:]
            case 1:
                del data[at : min(end, at + 40)]
            case 2:
                data[at:at] = data[at : min(end, at + 200)]
            case 3:
                other = rng.choice(others)
                start = rng.randrange(len(other) + 1)
                data[at:] = other[start:]
            case _:
                for _ in range(rng.randint(1, 8)):
                    if data:
                        data[rng.randrange(len(data))] = rng.choice(
                            b"\t\n\r\0:;,/|=.<*0-9A" + bytes([rng.randrange(256)])
                        )
    return bytes(data)
