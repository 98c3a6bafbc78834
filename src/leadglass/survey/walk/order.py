"""Every place of a survey is visited once, in an order that hits no network in a row and that a seed alone decides.

The places are walked as one cyclic group: with a prime p above their number and a generator g of the numbers below p
that are multiplied modulo p, the powers of g run through all of them (Durumeric et al., "ZMap: Fast Internet-wide
Scanning", USENIX Security 2013, section 3.1). Any part of the walk can be begun anywhere, since g to any power is had
at once: shards are ranges of powers, and agree on nothing but the seed.
"""

from collections.abc import Iterator
from hashlib import sha256
from math import gcd

MAX_PLACES = 1 << 40  # more than 200 times IPv4; factors of p - 1 are still found in an instant
# These witnesses decide below 3.3 * 10^24 (Sorenson and Webster, "Strong pseudoprimes to twelve prime bases", 2015).
_WITNESSES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41)


class Order:
    """A permutation of the places 0 to `places` - 1, by positions 0 to `positions` - 1; some positions are empty."""

    def __init__(self, places: int, seed: str) -> None:
        """`places` from 1 to MAX_PLACES; the same seed gives the same order everywhere. Raises ValueError."""
        if not 1 <= places <= MAX_PLACES:
            raise ValueError(f"{places:,} places cannot be walked: from 1 to {MAX_PLACES:,} can")
        self.places = places
        self._prime = _prime_above(places)
        self.positions = self._prime - 1
        numbers = _numbers(seed)
        self._generator = _generator(self._prime, numbers)
        self._offset = next(numbers) % self.positions

    def place_at(self, position: int) -> int | None:
        """The place at a position, None where none is."""
        return self._place(pow(self._generator, (position + self._offset) % self.positions, self._prime))

    def walk(self, first: int, last: int) -> Iterator[tuple[int, int | None]]:
        """Positions from `first` up to, and without, `last`, each with its place."""
        element = pow(self._generator, (first + self._offset) % self.positions, self._prime)
        for position in range(first, last):
            yield position, self._place(element)
            element = element * self._generator % self._prime

    def _place(self, element: int) -> int | None:
        return element - 1 if element <= self.places else None


def _numbers(seed: str) -> Iterator[int]:
    """Numbers of 128 bits that only the seed decides."""
    counter = 0
    while True:
        yield int.from_bytes(sha256(f"leadglass order {counter} {seed}".encode()).digest()[:16], "big")
        counter += 1


def _prime_above(number: int) -> int:
    """The smallest prime above `number`."""
    candidate = number + 1
    while not _is_prime(candidate):
        candidate += 1
    return candidate


def _is_prime(number: int) -> bool:
    """Whether a number below 3.3 * 10^24 is prime (Miller and Rabin's test with witnesses that decide)."""
    if number < 2:
        return False
    for witness in _WITNESSES:
        if number % witness == 0:
            return number == witness
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd //= 2
        twos += 1
    return all(_passes(number, witness, odd, twos) for witness in _WITNESSES)


def _passes(number: int, witness: int, odd: int, twos: int) -> bool:
    power = pow(witness, odd, number)
    if power in (1, number - 1):
        return True
    for _ in range(twos - 1):
        power = power * power % number
        if power == number - 1:
            return True
    return False


def _generator(prime: int, numbers: Iterator[int]) -> int:
    """A generator of the group that the seed chose: a small one to a power that shares no factor with the group's size.

    A small one itself would walk in steps that can be seen.
    """
    size = prime - 1
    factors = _prime_factors(size)
    root = next(g for g in range(1, prime) if all(pow(g, size // factor, prime) != 1 for factor in factors))
    power = next(n for n in (number % size for number in numbers) if gcd(n, size) == 1)
    return pow(root, power, prime)


def _prime_factors(number: int) -> tuple[int, ...]:
    """The distinct prime factors of `number`."""
    factors, divisor = [], 2
    while divisor * divisor <= number:
        if number % divisor == 0:
            factors.append(divisor)
            while number % divisor == 0:
                number //= divisor
        divisor += 1 if divisor == 2 else 2
    if number > 1:
        factors.append(number)
    return tuple(factors)
