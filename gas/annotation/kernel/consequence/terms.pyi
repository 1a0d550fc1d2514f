TERMS: tuple[str, ...]
IMPACT: dict[str, str]
