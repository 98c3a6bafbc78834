"""How a server of the lab differs from what the standard asks, and what its answers cost it, is one value."""

from enum import StrEnum

from leadglass.lab.losses import Losses
from leadglass.model.record import Record


class Capping(StrEnum):
    """How a server ends an answer that is longer than it allows."""

    PENDING_ENDED = "fe00"  # the first ones, then FE00H, as Orthanc does
    SUCCESS = "success"  # the first ones, then success, as if those were all
    NOTHING = "c000"  # C000H and no record at all, as dcm4chee-arc does


class Handing(StrEnum):
    """How a server answers a C-GET of a caller that takes no images: each was about to be sent, and could not be."""

    ALL_FAILED = "a702"  # A702H once, all failed, as dcm4chee-arc does
    FIRST_FAILED = "c000"  # C000H at the first that failed, as Orthanc does
    ONE_BY_ONE = "ff00"  # FF00H for each, then A702H, as dcmqrscp does


class Habits(Record):
    """The habits of one DIMSE server; the defaults are those of a server without any.

    `limit` is the most matches that it gives to a C-FIND for its archive, by `capping`; a worklist has no limit.
    `ignores` names keys that do not narrow (`StudyDate`, `StudyTime`, `ModalitiesInStudy`). `counts` says that
    NumberOf… attributes are told. `patient_root_only` refuses the Study Root contexts. `aborts_on_unknown_keys` ends
    the association. `computes_first` answers when all is found, as Orthanc does; else it streams, as dcmqrscp does.
    `study_cost_s` is the time that each study of the archive costs a question, `match_cost_s` each match. `delay_s`
    comes before each answer. `drops_after` ends the connection where an answer is longer than that many matches.
    `handing` is None where a server does as its product does. The files of studies before the year `lost_before`, and
    of those with one of `lost_modalities`, are gone: the studies are listed, and a C-GET finds none of their images.
    """

    limit: int | None = None
    capping: Capping = Capping.SUCCESS
    ignores: tuple[str, ...] = ()
    wildcards: bool = True
    counts: bool = True
    patient_root_only: bool = False
    aborts_on_unknown_keys: bool = False
    computes_first: bool = False
    study_cost_s: float = 0.0
    match_cost_s: float = 0.0
    delay_s: float = 0.0
    drops_after: int | None = None
    handing: Handing | None = None
    lost_before: int | None = None
    lost_modalities: tuple[str, ...] = ()

    @property
    def losses(self) -> Losses:
        """Which files are gone."""
        return Losses(before=self.lost_before, modalities=self.lost_modalities)


PLAIN = Habits()
