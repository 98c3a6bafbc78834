"""The shapes of archives that a sampler is proved on: what the lab makes, and what spoils the keys that divide one."""

from leadglass.lab.spec import ArchiveSpec
from leadglass.model.record import Record


class Shape(Record):
    """An archive and a server as shares of studies (`migrated`, `undated`, `midnight`, `timeless`,
    `without_accession`) or of patients (`strange`: identifiers without figures at their end; `default_births`), and
    which keys and counters the server has. `by_chance` draws each identifier by itself; the lab's own lie more evenly.
    """

    name: str
    says: str
    studies_a_patient: float = 2.95
    images_a_study: float = 32.0
    migrated: float = 0.0
    undated: float = 0.0
    midnight: float = 0.0
    timeless: float = 0.0
    without_accession: float = 0.0
    strange: float = 0.0
    default_births: float = 0.0
    by_chance: bool = False
    wildcards: bool = True
    modalities: bool = True
    births: bool = True
    patient_level: bool = True
    counters: bool = True
    counts: bool = True

    def spec(self, seed: int, studies: int) -> ArchiveSpec:
        """An archive of this shape."""
        return ArchiveSpec(
            seed=seed,
            studies=studies,
            patients=round(studies / self.studies_a_patient),
            images=round(studies * self.images_a_study),
            migrated=round(studies * self.migrated),
            undated=round(studies * self.undated),
        )


SHAPES = (
    Shape(name="plain", says="as most of the lab's archives; the server has patient counters, as Orthanc"),
    Shape(name="migrated", says="a third came on one day, half of that at 000000", migrated=1 / 3),
    Shape(name="undated", says="a tenth without a date, a tenth without a time", undated=0.1, timeless=0.1),
    Shape(name="one-visit", says="1.1 studies a patient", studies_a_patient=1.1),
    Shape(name="many-visits", says="12 studies a patient", studies_a_patient=12.0),
    Shape(name="few-images", says="1.5 images a study: a practice with an X-ray set", images_a_study=1.5),
    Shape(name="many-images", says="400 images a study", images_a_study=400.0),
    Shape(name="by-chance", says="identifiers drawn by chance, none of the lab's evenness", by_chance=True),
    Shape(name="strange", says="a fifth of the patients with identifiers that end in no figure", strange=0.2),
    Shape(
        name="strange-alone",
        says="the same, and no accession numbers",
        strange=0.2,
        without_accession=1.0,
    ),
    Shape(
        name="no-counters",
        says="PATIENT level without counters",
        counters=False,
        by_chance=True,
    ),
    Shape(
        name="study-level",
        says="no PATIENT level, as some servers that have Study Root alone",
        patient_level=False,
        counters=False,
        by_chance=True,
    ),
    Shape(
        name="no-wildcards",
        says="wildcards ignored: hours of the day and dates of birth",
        wildcards=False,
        patient_level=False,
        counters=False,
    ),
    Shape(
        name="spikes",
        says="the same, a third migrated, a fifth more at 000000, a fifth of the patients born 19000101",
        wildcards=False,
        patient_level=False,
        counters=False,
        migrated=1 / 3,
        midnight=0.2,
        default_births=0.2,
    ),
)
