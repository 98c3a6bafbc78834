"""An archive is made from a seed: one seed always gives the same patients, studies and images, and none exists."""

import random
from datetime import date, timedelta
from hashlib import blake2b

from leadglass.model.record import Record

_NAMES = ("Amber", "Basalt", "Cobalt", "Dolomite", "Flint", "Garnet", "Jasper", "Marble", "Opal", "Quartz", "Slate")
_DESCRIPTIONS = ("Chest", "Abdomen with contrast", "Knee left", "Head", "Mammography both sides", "Spine, lumbar", "")
# Modality, its weight among studies, and how many images a series of it has at most.
_MODALITIES = (("CR", 34, 3), ("DX", 18, 3), ("CT", 20, 240), ("MR", 12, 160), ("US", 12, 40), ("MG", 4, 4))
_CT = "1.2.840.10008.5.1.4.1.1.2"
SOP_CLASSES = {
    "CR": "1.2.840.10008.5.1.4.1.1.1",
    "DX": "1.2.840.10008.5.1.4.1.1.1.1",
    "CT": _CT,
    "MR": "1.2.840.10008.5.1.4.1.1.4",
    "US": "1.2.840.10008.5.1.4.1.1.6.1",
    "MG": "1.2.840.10008.5.1.4.1.1.1.2",
    "SR": "1.2.840.10008.5.1.4.1.1.88.11",
}
_UNDATED = 0.002  # of all studies: real archives hold a few


class Series(Record):
    """One series; the UIDs of its images follow from its own."""

    uid: str
    modality: str
    images: int

    @property
    def sop_class_uid(self) -> str:
        """The storage class of its images."""
        return SOP_CLASSES.get(self.modality, _CT)

    def image_uid(self, index: int) -> str:
        """The SOP Instance UID of one image."""
        digest = blake2b(f"{self.uid}/{index}".encode(), digest_size=15).digest()
        return f"2.25.{int.from_bytes(digest, 'big')}"


class Study(Record):
    """One study; `date` is empty where it has none."""

    uid: str
    date: str
    time: str
    accession_number: str
    study_id: str
    description: str
    referring_physician: str
    series: tuple[Series, ...]

    @property
    def images(self) -> int:
        """Images of all its series."""
        return sum(series.images for series in self.series)

    @property
    def modalities(self) -> tuple[str, ...]:
        """Its modalities, each once."""
        return tuple(sorted({series.modality for series in self.series}))


class Patient(Record):
    """One patient, who does not exist."""

    id: str
    name: str
    birth_date: str
    sex: str
    studies: tuple[Study, ...]

    @property
    def images(self) -> int:
        """Images of all studies."""
        return sum(study.images for study in self.studies)


class Archive(Record):
    """Everything that one server holds; its own totals are what a count of it must come to."""

    patients: tuple[Patient, ...]

    @property
    def studies(self) -> tuple[tuple[Patient, Study], ...]:
        """Every study with its patient."""
        return tuple((patient, study) for patient in self.patients for study in patient.studies)

    @property
    def images(self) -> int:
        """Images of all patients."""
        return sum(patient.images for patient in self.patients)


def make_archive(seed: int, studies: int, last_day: date = date(2026, 11, 1), years: int = 12) -> Archive:
    """An archive of exactly `studies` studies over the `years` before `last_day`."""
    chance = random.Random(seed)  # noqa: S311 - a repeatable population, not a secret
    patients: list[Patient] = []
    left = studies
    while left:
        wanted = min(left, 1 + int(chance.expovariate(0.55)))
        patients.append(_patient(chance, len(patients), wanted, last_day, years))
        left -= wanted
    return Archive(patients=tuple(patients))


def _patient(chance: random.Random, index: int, studies: int, last_day: date, years: int) -> Patient:
    number = f"{index:0{chance.randint(5, 8)}d}"
    born = date(1930, 1, 1) + timedelta(chance.randrange(90 * 365))
    return Patient(
        id=chance.choice(("P", "MRN-", "", "A/")) + number,
        name=f"Lab-{chance.choice(_NAMES)}^{chance.choice(_NAMES)}",
        birth_date=_day(born),
        sex=chance.choice("FMO"),
        studies=tuple(_study(chance, last_day, years) for _ in range(studies)),
    )


def _study(chance: random.Random, last_day: date, years: int) -> Study:
    names, weights, _ = zip(*_MODALITIES, strict=True)
    modality = chance.choices(names, weights)[0]
    most = {name: images for name, _, images in _MODALITIES}[modality]
    series = [
        Series(uid=_uid(chance), modality=modality, images=chance.randint(1, most))
        for _ in range(1 + (chance.random() < 0.4) + (chance.random() < 0.1))
    ]
    if chance.random() < 0.08:
        series.append(Series(uid=_uid(chance), modality="SR", images=1))
    made = last_day - timedelta(int(chance.triangular(0, years * 365, 0)))
    return Study(
        uid=_uid(chance),
        date="" if chance.random() < _UNDATED else _day(made),
        time=f"{chance.randrange(7, 20):02d}{chance.randrange(60):02d}{chance.randrange(60):02d}",
        accession_number=f"ACC{chance.randrange(10 ** chance.randint(4, 9))}",
        study_id=str(chance.randrange(10_000)),
        description=chance.choice(_DESCRIPTIONS),
        referring_physician=f"Lab-{chance.choice(_NAMES)}^Doctor",
        series=tuple(series),
    )


def _uid(chance: random.Random) -> str:
    """A UID under 2.25 (PS3.5 B.2), of a length that varies as real ones do."""
    return f"2.25.{chance.getrandbits(chance.choice((64, 96, 120, 128))) or 1}"


def _day(day: date) -> str:
    return day.strftime("%Y%m%d")
