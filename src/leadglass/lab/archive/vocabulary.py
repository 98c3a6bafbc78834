"""The words of made-up archives, plainly synthetic, and how often each is said."""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import numpy as np

from leadglass.lab.archive.bits import U64, Bytes, ladder
from leadglass.lab.archive.texts import Table, table

# fmt: off
_STONES = (
    "Agate", "Amber", "Azurite", "Basalt", "Beryl", "Calcite", "Chert", "Cinnabar", "Citrine", "Cobalt", "Diorite",
    "Dolomite", "Feldspar", "Flint", "Gabbro", "Galena", "Garnet", "Gneiss", "Granite", "Gypsum", "Halite", "Jade",
    "Jasper", "Kyanite", "Lazurite", "Marble", "Mica", "Obsidian", "Olivine", "Onyx", "Opal", "Pumice", "Pyrite",
    "Quartz", "Rutile", "Schist", "Selenite", "Shale", "Slate", "Spinel", "Sulfur", "Talc", "Topaz", "Tuff",
    "Umber", "Wolframite", "Zeolite", "Zircon",
)
# fmt: on
_MIDDLES = ("", "", "^X", "^Test")


class Kind(NamedTuple):
    """A kind of study: what it is made with (the first makes the images, each other one adds a single object)."""

    modalities: tuple[str, ...]
    weight: int  # among all studies, in a thousand
    images: int  # how many, in proportion to the other kinds
    descriptions: tuple[str, ...]


_CHEST = ("Chest", "Chest p.a.", "Hand left", "Knee left", "Pelvis", "Spine, lumbar", "")
_CT = ("Abdomen with contrast", "Chest CT", "Head", "Head without contrast", "Sinuses", "Trauma", "")
_MR = ("Knee left", "Head MR", "Spine, lumbar", "Shoulder right", "Abdomen MR", "")
_US = ("Abdomen US", "Thyroid", "Carotids", "Obstetric", "")
_MG = ("Mammography both sides", "Mammography left", "Screening")
_OTHER = ("Follow-up", "Procedure", "Imported", "")
KINDS = (
    Kind(("CR",), 190, 2, _CHEST),
    Kind(("DX",), 190, 2, _CHEST),
    Kind(("DX", "PR"), 15, 3, _CHEST),
    Kind(("CT",), 150, 330, _CT),
    Kind(("CT", "SR"), 55, 420, _CT),
    Kind(("MR",), 105, 260, _MR),
    Kind(("MR", "PR"), 15, 280, _MR),
    Kind(("US",), 110, 22, _US),
    Kind(("US", "SR"), 25, 30, _US),
    Kind(("MG",), 40, 4, _MG),
    Kind(("MG", "SR"), 10, 5, _MG),
    Kind(("XA",), 20, 60, _OTHER),
    Kind(("RF",), 20, 14, _OTHER),
    Kind(("NM",), 15, 5, _OTHER),
    Kind(("PT",), 2, 250, _OTHER),
    Kind(("PT", "CT", "SR"), 8, 600, _OTHER),
    Kind(("OT",), 12, 2, _OTHER),
    Kind(("ES",), 10, 8, _OTHER),
    Kind(("PX",), 8, 1, ("Panorama", "")),
)
MODALITIES = tuple(sorted({modality for kind in KINDS for modality in kind.modalities}))
_STORAGE = "1.2.840.10008.5.1.4.1.1."
SOP_CLASSES = {
    "CR": _STORAGE + "1",
    "CT": _STORAGE + "2",
    "DX": _STORAGE + "1.1",
    "ES": _STORAGE + "77.1.1",
    "MG": _STORAGE + "1.2",
    "MR": _STORAGE + "4",
    "NM": _STORAGE + "20",
    "OT": _STORAGE + "7",
    "PR": _STORAGE + "11.1",
    "PT": _STORAGE + "128",
    "PX": _STORAGE + "1.1",
    "RF": _STORAGE + "12.2",
    "SR": _STORAGE + "88.11",
    "US": _STORAGE + "6.1",
    "XA": _STORAGE + "12.1",
}

KIND_LADDER = ladder(tuple(kind.weight for kind in KINDS))
KIND_IMAGES: U64 = np.array([kind.images for kind in KINDS], dtype=np.uint64)
KIND_PARTS: Bytes = np.array([len(kind.modalities) for kind in KINDS], dtype=np.uint8)
# The kind without additions: what a study of too few images for them becomes.
KIND_ALONE: Bytes = np.array(
    [next(n for n, one in enumerate(KINDS) if one.modalities == kind.modalities[:1]) for kind in KINDS], dtype=np.uint8
)
# The modality of a study's main series, and those of its additions in turn.
KIND_MODALITIES: Bytes = np.array(
    [[MODALITIES.index(modality) for modality in (kind.modalities * 3)[:3]] for kind in KINDS], dtype=np.uint8
)
DESCRIPTION_CHOICES = 8
SEX_LADDER = ladder((51, 46, 1, 2), 256)


@cache
def names() -> Table:
    """All patients' names."""
    return table(tuple(f"Lab-{one}^{two}{middle}" for one in _STONES for two in _STONES for middle in _MIDDLES))


NAMES = len(_STONES) ** 2 * len(_MIDDLES)


@cache
def physicians() -> Table:
    """All referring physicians; a few studies have none."""
    return table(("", *(f"Lab-{one}^Doctor-{two}" for one in _STONES for two in _STONES[:5])))


PHYSICIANS = len(_STONES) * 5 + 1


@cache
def addresses() -> Table:
    """Patients' addresses: three in four have none, as most devices ask for none."""
    return table(("",) * 3 * len(_STONES) + tuple(f"{number} Lab-{one} Road" for number, one in enumerate(_STONES, 1)))


ADDRESSES = 4 * len(_STONES)


@cache
def telephones() -> Table:
    """Patients' telephone numbers, of those that are kept for fiction; most patients have none."""
    return table(("",) * 400 + tuple(f"555-01{number:02}" for number in range(100)))


TELEPHONES = 500


@cache
def institutions() -> Table:
    """The one institution of an archive."""
    return table(("Lab-Hospital",))


@cache
def diagnoses() -> Table:
    """Diagnoses on admission, which few studies have."""
    return table(("",) * 8 + ("Lab-Diagnosis of the chest", "Lab-Diagnosis of the knee"))


DIAGNOSES = 10


@cache
def sexes() -> Table:
    """Patient's sexes (PS3.3 C.7.1.1), one of them unknown."""
    return table(("F", "M", "O", ""))


@cache
def modality_lists() -> Table:
    """Modalities in Study of each kind."""
    return table(tuple("\\".join(sorted(kind.modalities)) for kind in KINDS))


@cache
def descriptions() -> Table:
    """Study descriptions: `DESCRIPTION_CHOICES` in a row for each kind."""
    return table(tuple(text for kind in KINDS for text in _repeated(kind.descriptions)))


@cache
def modalities() -> Table:
    """Every modality."""
    return table(MODALITIES)


@cache
def sop_classes() -> Table:
    """The storage class of every modality's images."""
    return table(tuple(SOP_CLASSES[modality] for modality in MODALITIES))


@cache
def study_ids() -> Table:
    """Study IDs, as short as consoles make them."""
    return table(tuple(str(number) for number in range(STUDY_IDS)))


STUDY_IDS = 10_000


def _repeated(texts: tuple[str, ...]) -> Iterable[str]:
    return (texts * DESCRIPTION_CHOICES)[:DESCRIPTION_CHOICES]
