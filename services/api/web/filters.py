"""How numbers, sizes, spans and moments are written on pages."""

from datetime import UTC, datetime, timedelta

from markupsafe import Markup

from gas.domain import wording

_ABSOLUTE = Markup('<time datetime="{}" data-moment>{}</time>')
_RELATIVE = Markup('<time datetime="{}" data-relative>{}</time>')


def number(value: float) -> str:
    """12,345 and 0.123."""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.3g}"


def span(value: float | timedelta) -> str:
    """A length of time, of seconds or a timedelta, in the unit that fits."""
    return wording.span(value if isinstance(value, timedelta) else timedelta(seconds=value))


def percent(fraction: float) -> str:
    """Of 0 to 1. What is not all is never 100 %, what is not nothing never 0 %."""
    rounded = round(fraction * 100)
    if rounded == 100 and fraction < 1:
        return "> 99 %"
    if rounded == 0 and fraction > 0:
        return "< 1 %"
    return f"{rounded} %"


def moment(when: datetime, *, relative: bool = False) -> Markup:
    """A ``<time>``, in UTC: site.js shows it in the zone of who looks, or as "in 4 minutes"."""
    utc = when.astimezone(UTC)
    shown = _RELATIVE if relative else _ABSOLUTE
    return shown.format(utc.isoformat(timespec="seconds"), utc.strftime("%Y-%m-%d %H:%M UTC"))
