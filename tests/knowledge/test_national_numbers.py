"""Published examples of national numbers have their shape, a wrong check digit has none, and chance is stated truly."""

import random
import re
import string
from pathlib import Path

import pytest

from leadglass.knowledge.check_digits import luhn, verhoeff
from leadglass.knowledge.national_numbers import SHAPES, Shape, shape_of

BY_NAME = {shape.name: shape for shape in SHAPES}
# Numbers that authorities, standards and encyclopedias print as examples.
EXAMPLES = {
    "us-ssn": ("219-09-9999", "078-05-1120"),
    "uk-nhs": ("943 476 5919", "9434765919"),
    "de-kvnr": ("A123456780",),
    "nl-bsn": ("111222333", "123456782"),
    "se-personnummer": ("640823-3234", "19811228-9874", "8112289874", "701063-2391"),
    "fi-hetu": ("131052-308T", "131052A308T"),
    "no-fodselsnummer": ("15108695088", "151086 95088"),
    "br-cpf": ("111.444.777-35", "52998224725"),
    "in-aadhaar": ("9999 4105 7058",),
    "tr-tckn": ("10000000146",),
    "cn-resident": ("11010519491231002X", "440524188001010014"),
    "za-id": ("8001015009087",),
    "fr-nir": ("2 55 08 14 168 025 38", "295109912611193"),
    "it-codice-fiscale": ("RSSMRA85T10A562S", "MRTMTT25D09F205Z"),
    "es-dni": ("12345678Z", "12345678-z"),
    "es-nie": ("X1234567L",),
    "pl-pesel": ("44051401359",),
    "be-national-number": ("93.05.18-223.61",),
    "at-svnr": ("1237 010180",),
    "ch-ahv": ("756.9217.0769.85",),
    "au-medicare": ("2123 45670 1",),
    "ie-pps": ("1234567T", "1234567FA"),
    "mx-curp": ("BOXW310820HNERXN09",),
    "cl-rut": ("12.345.678-5",),
}
WITHOUT_CHECK_DIGIT = {"us-ssn"}


def name_of(text: str) -> str | None:
    """The name of the shape that `text` has."""
    shape = shape_of(text)
    return shape and shape.name


def test_every_row_has_an_example_and_a_source() -> None:
    assert set(EXAMPLES) == set(BY_NAME)
    assert len(BY_NAME) == len(SHAPES)
    assert all(len(shape.source) > 20 and shape.title and shape.one_in >= 1 for shape in SHAPES)
    assert len({shape.title for shape in SHAPES}) == len(SHAPES)


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in EXAMPLES.items() for text in texts])
def test_a_published_example_has_its_shape(name: str, text: str) -> None:
    assert name_of(text) == name
    assert name_of(f" {text.lower()}\0") == name


@pytest.mark.parametrize("name", sorted(set(EXAMPLES) - WITHOUT_CHECK_DIGIT))
def test_another_sign_in_its_middle_breaks_it(name: str) -> None:
    """The check digit says so, whichever digit it is; a rule of even weights lets one or two of nine others pass."""
    text, shape = EXAMPLES[name][0], BY_NAME[name]
    digits = [at for at, sign in enumerate(text) if sign.isdigit()]
    for at in (digits[0], digits[len(digits) // 2], digits[-1] if name != "au-medicare" else digits[-2]):
        others = [text[:at] + other + text[at + 1 :] for other in string.digits if other != text[at]]
        still = [one for one in others if has(shape, one)]
        assert len(still) <= (2 if name == "mx-curp" else 1), (name, at, len(still))


def has(shape: Shape, text: str) -> bool:
    """Whether `text` has this shape, whatever others it has."""
    return bool(shape.form.fullmatch(text)) and shape.holds(re.sub("[ ./+-]", "", text))


@pytest.mark.parametrize(
    "text",
    [
        "000-12-3456",
        "666-12-3456",
        "900-12-3456",
        "987-65-4320",
        "123-00-4567",
        "123-45-0000",
        "12-345-6789",
        "1234-56789",
    ],
)
def test_what_was_never_given_as_a_social_security_number_is_none(text: str) -> None:
    assert name_of(text) is None


@pytest.mark.parametrize(
    "text", ["", " ", "P00012345", "MRN-4711", "0000000000", "1111111111", "111111111", "A/17", "4711", "1" * 9_999,
             "１２３４５６７８２", "\0\0", "9434765919\n", "12345678Z\x1b[31m", "é" * 9]
)  # fmt: skip
def test_what_is_none_is_none(text: str) -> None:
    assert name_of(text) is None


def test_of_several_shapes_the_strictest_counts() -> None:
    assert has(BY_NAME["us-ssn"], "123456782")
    assert name_of("123456782") == "nl-bsn"
    assert name_of("123456783") == "us-ssn"
    assert [shape.one_in for shape in SHAPES] == sorted((shape.one_in for shape in SHAPES), reverse=True)


FORMS = {
    "us-ssn": "#########", "uk-nhs": "##########", "de-kvnr": "@#########", "nl-bsn": "#########",
    "se-personnummer": "######-####", "no-fodselsnummer": "###########", "br-cpf": "###########",
    "in-aadhaar": "############", "tr-tckn": "###########", "cn-resident": "##################",
    "za-id": "#############", "fr-nir": "###############", "it-codice-fiscale": "@@@@@@##E##@###@",
    "es-dni": "########@", "es-nie": "X#######@", "pl-pesel": "###########", "be-national-number": "###########",
    "at-svnr": "##########", "ch-ahv": "756##########", "au-medicare": "##########", "ie-pps": "#######@",
    "mx-curp": "@@@@######H@@@@@##", "cl-rut": "########-#",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(set(FORMS) - {"cn-resident"}))  # too seldom to be met in a moment
def test_chance_gives_a_shape_as_often_as_is_said(name: str) -> None:
    chance, shape = random.Random(7), BY_NAME[name]
    tried = 40 * min(shape.one_in, 2_000)
    signs = {"#": string.digits, "@": string.ascii_uppercase}
    made = ("".join(chance.choice(signs.get(sign, sign)) for sign in FORMS[name]) for _ in range(tried))
    hits = sum(has(shape, text) for text in made)
    assert tried / shape.one_in / 2 < hits < tried / shape.one_in * 2, hits


def test_the_schemes_find_every_single_wrong_digit_and_most_that_changed_places() -> None:
    for holds, number in ((luhn, "79927398713"), (verhoeff, "2363")):
        assert holds(number)
        for at, digit in enumerate(number):
            others = (number[:at] + other + number[at + 1 :] for other in string.digits if other != digit)
            assert not any(map(holds, others))
    assert not verhoeff("2633")


def test_hostile_text_raises_nothing() -> None:
    chance = random.Random(3)
    for _ in range(20_000):
        shape_of("".join(chance.choice("0123456789ABCXYZ-. +/\0é٣") for _ in range(chance.randrange(26))))


def test_the_documentation_has_every_row() -> None:
    page = (Path(__file__).parents[2] / "docs" / "kinds.md").read_text(encoding="utf-8")
    rows = [f"| `{shape.name}` | {shape.title} | {shape.one_in:,} |" for shape in SHAPES]
    assert [line for line in page.splitlines() if line.startswith("| `")] == rows
