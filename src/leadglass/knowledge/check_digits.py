"""The arithmetic of check digits that national numbers share: weighted sums, Luhn, Verhoeff, dates within a number."""

from collections.abc import Iterable
from datetime import date

# Verhoeff, Error Detecting Decimal Codes (1969): the group D5 and its permutation, a row for each place.
_D5 = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_PLACES = (
    "0123456789", "1576283094", "5803796142", "8916043527",
    "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip


def weighted(number: str, weights: Iterable[int]) -> int:
    """The sum of the first digits, each times its weight."""
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))


def luhn(number: str) -> bool:
    """ISO/IEC 7812-1 annex B, the last digit being the check digit."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2])
    return (sum(map(int, number[::-2])) + sum(doubled)) % 10 == 0


def verhoeff(number: str) -> bool:
    """Verhoeff's scheme, the last digit being the check digit."""
    check = 0
    for place, digit in enumerate(reversed(number)):
        check = int(_D5[check][int(_PLACES[place % 8][int(digit)])])
    return check == 0


def is_day(year: int, month: int, day: int) -> bool:
    """Whether there is such a day."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def is_day_of_some_century(year: int, month: int, day: int) -> bool:
    """Whether there is such a day in a year of which two digits are known: 2000 had a 29 February, 1900 had none."""
    return is_day(2000 + year, month, day)
