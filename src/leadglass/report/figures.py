"""Every figure is shown with what it is worth: exact, at least, or about with its interval."""

from leadglass.model.exposure import Count, Exposure
from leadglass.model.threshold import FiveHundred
from leadglass.model.words import CountKind
from leadglass.report.words import label

_MANY = {"study": "studies", "weakness": "weaknesses", "address": "addresses"}  # the others take an s


def plural(count: int, noun: str) -> str:
    """`1 patient`, `1,204 patients`."""
    return f"{count:,} {noun if count == 1 else many(noun)}"


def many(noun: str) -> str:
    """`patients` for `patient`, `studies` for `study`."""
    return _MANY.get(noun, f"{noun}s")


def listed(words: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def counted(count: Count, noun: str) -> str:
    """A figure within a sentence: `1,204 patients`, `at least 50,000 images`."""
    words = plural(count.count, noun)
    return words if count.kind is CountKind.EXACT else f"{label(count.kind)} {words}"


def interval(count: Count) -> str:
    """What an estimate is worth: `(between 900 and 1,500, 95% sure)`; nothing for a figure that was counted.

    Nor where no sample made it, but all was asked: then it is as sure as what one answer tells.
    """
    if count.kind is not CountKind.ESTIMATE or count.low == count.high:
        return ""
    between = f"between {count.low:,} and {count.high:,}" if count.high is not None else f"{count.low:,} or more"
    sure = f", {count.confidence:.0%} sure" if count.confidence is not None else ""
    return f"({between}{sure})"


def figures(exposure: Exposure) -> list[tuple[str, Count]]:
    """The figures that are to be had, each with its noun, in the order they are shown."""
    named = [
        ("patient", exposure.patients),
        ("study", exposure.studies),
        ("image", exposure.images),
        ("retrievable image", exposure.retrievable_images),
        ("planned examination", exposure.worklist_items),
    ]
    return [(noun, count) for noun, count in named if count is not None]


def in_short(exposure: Exposure) -> str:
    """All figures on one line: `1,204 patients, 3,310 studies`."""
    return ", ".join(counted(count, noun) for noun, count in figures(exposure))


def of_retrievable(exposure: Exposure) -> str:
    """What retrievable images are told by; nothing where there is no such figure."""
    if exposure.retrievable_images is None:
        return ""
    return (
        "Retrievable images are told by an image each of 12 studies at most, drawn from all: asked for, and never "
        "sent. It shows that they would be handed over, not that every file is there."
    )


def five_hundred(found: FiveHundred | None) -> str:
    """What is to be said of the 500 individuals of HIPAA; nothing where no record is shown."""
    if found is None:
        return ""
    sure = f" ({found.confidence:.0%} sure)" if found.confidence is not None and found.confidence < 1 else ""
    return (
        f"The line of 500 individuals (HIPAA, 45 CFR 164.408): {label(found.answer)}{sure}, by patient identifiers. "
        "Those are not people: one person may have several."
    )


def by_kind(exposure: Exposure) -> str:
    """`CT 1,203 · MR 880`, about so many where studies are an estimate."""
    words = " · ".join(f"{name} {count:,}" for name, count in kinds(exposure))
    about = words and exposure.studies is not None and exposure.studies.kind is CountKind.ESTIMATE
    return f"{label(CountKind.ESTIMATE)} {words}" if about else words


def kinds(exposure: Exposure) -> list[tuple[str, int]]:
    """Modalities with their studies, the most frequent first."""
    return sorted((exposure.modalities or {}).items(), key=lambda item: (-item[1], item[0]))


def years(exposure: Exposure) -> str:
    """`2009 to 2026`, `2026`, or nothing."""
    if exposure.years is None:
        return ""
    first, last = exposure.years
    return str(first) if first == last else f"{first} to {last}"


def duration(seconds: float) -> str:
    """A time that a person would say."""
    if seconds < 0.05:
        return "under 0.1 seconds"
    if seconds < 99.5:
        return f"{seconds:.1f} seconds" if seconds < 9.95 else f"{seconds:.0f} seconds"
    minutes, rest = divmod(round(seconds), 60)
    return f"{plural(minutes, 'minute')} {plural(rest, 'second')}"


def size(count: int) -> str:
    """Bytes in the unit that a person would say."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= factor:
            return f"{count / factor:.1f} {unit}"
    return plural(count, "byte")
