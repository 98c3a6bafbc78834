"""What shape a patient ID has: the national numbers whose rule is published, each with its source.

A shape is no proof: a hospital's own number passes one by chance, once in `one_in` of those that have the same form.
So a text that has several shapes counts as the one that chance gives least, which is the strictest.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from leadglass.knowledge.check_digits import is_day, is_day_of_some_century, luhn, verhoeff, weighted

MAX_LENGTH = 24  # the longest number with its blanks has 21 characters
_SEPARATORS = str.maketrans("", "", " .-/+")
_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_HETU_LETTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_PPS_LETTERS = "WABCDEFGHIJKLMNOPQRSTUV"
_CURP_LETTERS = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
_OMOCODIA = str.maketrans("LMNPQRSTUV", "0123456789")  # letters that stand for digits where two people would be one
# DM 23 December 1976, table of the odd places, for 0 to 9 and for A to Z.
_ODD = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)


class Shape(NamedTuple):
    """One national number. `form` fits it in capitals; `holds` judges it without its separators."""

    name: str
    title: str
    form: re.Pattern[str]
    holds: Callable[[str], bool]
    one_in: int
    source: str


def shape_of(text: str) -> Shape | None:
    """The strictest shape that `text` has, None where it has none."""
    written = text.strip(" \0").upper()
    if len(written) > MAX_LENGTH or not written.isascii():
        return None
    bare = written.translate(_SEPARATORS)
    if len(set(bare)) < 3:  # 000000000 and 1111111111 fill a field, and pass many a rule
        return None
    return next((one for one in SHAPES if one.form.fullmatch(written) and one.holds(bare)), None)


def _ssn(number: str) -> bool:
    area = number[:3]
    return area not in ("000", "666") and area[0] != "9" and number[3:5] != "00" and number[5:] != "0000"


def _nhs(number: str) -> bool:
    return (11 - weighted(number, range(10, 1, -1)) % 11) % 11 == int(number[9])


def _kvnr(number: str) -> bool:
    spelled = f"{ord(number[0]) - 64:02}{number[1:9]}"
    return sum(sum(divmod(int(d) * (1 + at % 2), 10)) for at, d in enumerate(spelled)) % 10 == int(number[9])


def _bsn(number: str) -> bool:
    return weighted(number, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def _personnummer(number: str) -> bool:
    year, month, day = int(number[-10:-8]), int(number[-8:-6]), int(number[-6:-4])
    century = len(number) == 10 or number[:2] in ("18", "19", "20")
    return century and luhn(number[-10:]) and is_day_of_some_century(year, month, day - 60 if day > 60 else day)


def _hetu(number: str) -> bool:
    digits = re.sub("[A-Z]", "", number[:-1])  # the letter between date and number tells the century
    born = is_day_of_some_century(int(digits[4:6]), int(digits[2:4]), int(digits[:2]))
    return born and _HETU_LETTERS[int(digits) % 31] == number[-1]


def _fodselsnummer(number: str) -> bool:
    day = int(number[:2])
    return (
        weighted(number, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)) % 11 == 0
        and weighted(number, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0
        and is_day_of_some_century(int(number[4:6]), int(number[2:4]), day - 40 if day > 40 else day)
    )


def _cpf(number: str) -> bool:
    first = weighted(number, range(10, 1, -1)) * 10 % 11 % 10
    second = weighted(number, range(11, 1, -1)) * 10 % 11 % 10
    return number[9:] == f"{first}{second}"


def _tckn(number: str) -> bool:
    digits = [int(digit) for digit in number]
    tenth = (7 * sum(digits[:9:2]) - sum(digits[1:8:2])) % 10
    return digits[9] == tenth and digits[10] == sum(digits[:10]) % 10


def _resident(number: str) -> bool:
    check = "10X98765432"[sum(int(digit) * 2 ** (17 - at) for at, digit in enumerate(number[:17])) % 11]
    born = number[6:8] in ("18", "19", "20") and is_day(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    return born and number[17] == check


def _za_id(number: str) -> bool:
    return luhn(number) and is_day_of_some_century(int(number[:2]), int(number[2:4]), int(number[4:6]))


def _nir(number: str) -> bool:
    month = int(number[3:5])
    known = 1 <= month <= 12 or month == 20 or 30 <= month <= 42 or month >= 50  # unknown months are written so
    return known and 97 - int(number[:13].replace("2A", "19").replace("2B", "18")) % 97 == int(number[13:])


def _codice_fiscale(number: str) -> bool:
    values = [int(sign) if sign.isdigit() else ord(sign) - 65 for sign in number[:15]]
    day = int(number[9:11].translate(_OMOCODIA))
    total = sum(_ODD[value] if at % 2 == 0 else value for at, value in enumerate(values))
    return (1 <= day <= 31 or 41 <= day <= 71) and chr(65 + total % 26) == number[15]


def _dni(number: str) -> bool:
    return _DNI_LETTERS[int(number[:8]) % 23] == number[8]


def _nie(number: str) -> bool:
    return _dni(str("XYZ".index(number[0])) + number[1:])


def _pesel(number: str) -> bool:
    month, day = int(number[2:4]) % 20, int(number[4:6])  # the tens of the month tell the century
    return weighted(number, (1, 3, 7, 9) * 2 + (1, 3, 1)) % 10 == 0 and is_day_of_some_century(
        int(number[:2]), month, day
    )


def _rijksregister(number: str) -> bool:
    month = int(number[2:4]) % 20  # 20 or 40 is added for those who are registered without residence
    born = int(number[2:4]) < 60 and is_day_of_some_century(int(number[:2]), month, int(number[4:6]))
    check = int(number[9:])
    return born and check in (97 - int(number[:9]) % 97, 97 - int(f"2{number[:9]}") % 97)


def _svnr(number: str) -> bool:
    born = is_day_of_some_century(int(number[8:]), int(number[6:8]), int(number[4:6]))
    return born and weighted(number, (3, 7, 9, 0, 5, 8, 4, 2, 1, 6)) % 11 == int(number[3])


def _ahv(number: str) -> bool:
    return weighted(number, (1, 3) * 6 + (1,)) % 10 == 0


def _medicare(number: str) -> bool:
    return weighted(number, (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == int(number[8])


def _pps(number: str) -> bool:
    more = 9 * (ord(number[8]) - 64) if len(number) == 9 and number[8] != "W" else 0
    return _PPS_LETTERS[(weighted(number, range(8, 1, -1)) + more) % 23] == number[7]


def _curp(number: str) -> bool:
    total = sum(_CURP_LETTERS.index(sign) * (18 - at) for at, sign in enumerate(number[:17]))
    born = is_day_of_some_century(int(number[4:6]), int(number[6:8]), int(number[8:10]))
    return born and str(-total % 10) == number[17]


def _rut(number: str) -> bool:
    total = sum(int(digit) * (2 + at % 6) for at, digit in enumerate(reversed(number[:-1])))
    return "0123456789K0"[11 - total % 11] == number[-1]


def _shape(name: str, title: str, form: str, holds: Callable[[str], bool], one_in: int, source: str) -> Shape:
    return Shape(name, title, re.compile(form, re.ASCII), holds, one_in, source)


_ROWS = (
    _shape(
        "us-ssn", "US Social Security number", r"\d{3}-\d\d-\d{4}|\d{9}", _ssn, 1,
        "SSA, Social Security Number Randomization: no area 000, 666 or 900 to 999, no group 00, no serial 0000",
    ),
    _shape(
        "uk-nhs", "UK NHS number", r"\d{3}([ -]?)\d{3}\1\d{4}", _nhs, 11,
        "NHS Data Model and Dictionary, NHS NUMBER: modulus 11",
    ),
    _shape(
        "de-kvnr", "German health insurance number", r"[A-Z]\d{9}", _kvnr, 10,
        "SGB V section 290, and GKV-Spitzenverband, Richtlinie zum Aufbau der Krankenversichertennummer, Anlage 1",
    ),
    _shape(
        "nl-bsn", "Dutch citizen service number", r"\d{9}", _bsn, 11,
        "RvIG, Logisch ontwerp BSN: the 11-test",
    ),
    _shape(
        "se-personnummer", "Swedish personal number", r"(\d\d)?\d{6}[-+]?\d{4}", _personnummer, 130,
        "Skatteverket SKV 704: date and Luhn; coordination numbers add 60 to the day",
    ),
    _shape(
        "fi-hetu", "Finnish personal identity code", r"\d{6}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y]", _hetu, 850,
        "Digital and Population Data Services Agency (DVV), The personal identity code: modulus 31",
    ),
    _shape(
        "no-fodselsnummer", "Norwegian national identity number", r"\d{6} ?\d{5}", _fodselsnummer, 1_600,
        "Skatteetaten, Fødselsnummer: two check digits of modulus 11; D numbers add 40 to the day",
    ),
    _shape(
        "br-cpf", "Brazilian CPF", r"\d{3}\.\d{3}\.\d{3}-\d\d|\d{9}-?\d\d", _cpf, 100,
        "Receita Federal, Instrução Normativa RFB 1.548/2015: two check digits of modulus 11",
    ),
    _shape(
        "in-aadhaar", "Indian Aadhaar number", r"[2-9]\d{3}([ -]?)\d{4}\1\d{4}", verhoeff, 12,
        "UIDAI, A UID Numbering Scheme (2010): Verhoeff, no first digit 0 or 1",
    ),
    _shape(
        "tr-tckn", "Turkish identity number", r"[1-9]\d{10}", _tckn, 110,
        "Nüfus ve Vatandaşlık İşleri, T.C. Kimlik Numarası: two check digits",
    ),
    _shape(
        "cn-resident", "Chinese resident identity number", r"[1-9]\d{16}[0-9X]", _resident, 10_000,
        "GB 11643-1999: date, and ISO 7064 MOD 11-2",
    ),
    _shape(
        "za-id", "South African identity number", r"\d{6} ?\d{4} ?[0-2]\d{2}", _za_id, 900,
        "South African Department of Home Affairs, Identification Act 68 of 1997: date, citizenship, Luhn",
    ),
    _shape(
        "fr-nir", "French social security number",
        r"[1-478] ?\d\d ?\d\d ?(\d\d|2[AB]) ?\d{3} ?\d{3} ?\d\d", _nir, 210,
        "Décret 82-103, and INSEE, Numéro d'inscription au répertoire: modulus 97",
    ),
    _shape(
        "it-codice-fiscale", "Italian tax code",
        r"[A-Z]{6}[\dLMNP-V]{2}[A-EHLMPRST][\dLMNP-V]{2}[A-Z][\dLMNP-V]{3}[A-Z]", _codice_fiscale, 90,
        "Decreto ministeriale of 23 December 1976: check letter from the tables of odd and even places",
    ),
    _shape(
        "es-dni", "Spanish identity number (DNI)", r"\d{8}-?[A-Z]", _dni, 26,
        "Ministerio del Interior, Cálculo del dígito de control del NIF/NIE: modulus 23",
    ),
    _shape(
        "es-nie", "Spanish foreigner's number (NIE)", r"[XYZ]-?\d{7}-?[A-Z]", _nie, 26,
        "Ministerio del Interior, Cálculo del dígito de control del NIF/NIE: modulus 23",
    ),
    _shape(
        "pl-pesel", "Polish PESEL number", r"\d{11}", _pesel, 55,
        "Ustawa o ewidencji ludności of 24 September 2010, article 15: date and check digit",
    ),
    _shape(
        "be-national-number", "Belgian national register number",
        r"\d\d\.\d\d\.\d\d-\d{3}\.\d\d|\d{11}", _rijksregister, 470,
        "IBZ, Instructions on the information types of the National Register, IT000: date, modulus 97",
    ),
    _shape(
        "at-svnr", "Austrian social insurance number", r"[1-9]\d{3} ?\d{6}", _svnr, 300,
        "ASVG section 31, Dachverband der Sozialversicherungsträger: modulus 11, date of birth",
    ),
    _shape(
        "ch-ahv", "Swiss social insurance number", r"756\.\d{4}\.\d{4}\.\d\d|756\d{10}", _ahv, 10,
        "AHVG article 50c, and ZAS, AHVN13: country code 756 and the check digit of EAN-13",
    ),
    _shape(
        "au-medicare", "Australian Medicare number", r"[2-6]\d{3} ?\d{5} ?\d{1,2}", _medicare, 20,
        "Services Australia, and AIHW METeOR 270101: weights 1, 3, 7 and 9",
    ),
    _shape(
        "ie-pps", "Irish PPS number", r"\d{7}[A-W][A-IW]?", _pps, 25,
        "Department of Social Protection, PPS numbers: modulus 23",
    ),
    _shape(
        "mx-curp", "Mexican CURP", r"[A-Z]{4}\d{6}[HMX][A-Z]{5}[0-9A-Z]\d", _curp, 280,
        "RENAPO, Instructivo normativo para la asignación de la CURP: date and check digit",
    ),
    _shape(
        "cl-rut", "Chilean RUT", r"(\d{1,2}\.\d{3}\.\d{3}|\d{7,8})-[0-9K]", _rut, 11,
        "Registro Civil e Identificación, RUN: modulus 11",
    ),
)  # fmt: skip
SHAPES = tuple(sorted(_ROWS, key=lambda shape: -shape.one_in))
"""The strictest first."""
