"""How plots write numbers and names."""

_LONGEST_LABEL = 36
_UNITS = ((10**9, "G"), (10**6, "M"), (10**3, "k"))
_ABBREVIATIONS = {"snv", "mnv"}


def share_of(count: int, total: int) -> float:
    """From 0 to 1; of nothing, nothing."""
    return count / total if total else 0.0


def compact(count: int) -> str:
    """At most four characters: 12, 3.4k, 56k, 1.2M."""
    for unit, name in _UNITS:
        if count >= unit:
            value = count / unit
            return f"{value:.1f}{name}" if value < 9.95 else f"{value:.0f}{name}"
    return str(count)


def counted(count: int, unit: str) -> str:
    """``unit`` in the singular: "1 allele", "1,234 alleles"."""
    return f"{count:,} {unit}{'' if count == 1 else 's'}"


def shortened(label: str, longest: int = _LONGEST_LABEL) -> str:
    """What fits beside a value; the whole is in the tip and in the table."""
    return label if len(label) <= longest else f"{label[: longest - 1]}…"


def plain(name: str) -> str:
    """A name of the engine's as people write it."""
    words = name.replace("_", " ")
    return words.upper() if words in _ABBREVIATIONS else words.capitalize()
