"""What a product answers in its own way, whoever asks: as the real ones did that were asked side by side with the lab.

Orthanc 1.10.1 and DCMTK 3.6.7's dcmqrscp are so; dcm4chee-arc, by its source, is as the standard says.
"""

from enum import StrEnum

from leadglass.knowledge.products import DCMTK, ORTHANC
from leadglass.lab.habits import Handing
from leadglass.model.record import Record


class Parents(StrEnum):
    """What a query at a lower level must say of the levels above (PS3.4 C.4.1.3.1.1)."""

    VALUED = "valued"  # their UIDs, as the standard wants it
    PRESENT = "present"  # the attributes, which may be empty
    FREE = "free"  # nothing: any query is a relational one


class Unnamed(StrEnum):
    """What a retrieval gets that names nothing."""

    REFUSED = "refused"
    NOTHING = "nothing"
    EVERYTHING = "everything"


class Manners(Record):
    """A product's own ways; the defaults are those of the standard.

    `patients_in_study_root` says that the level PATIENT is known there. `no_level` and `wrong_level` are the statuses
    for a query without a level, and with one that is not known. `refuses_wild_dates` answers C000H to a date or time
    with a wildcard, which matches nothing elsewhere. `unknown_keys` come back empty, or not at all; `unknown_values`
    says that one with a value narrows nothing, else nothing has that value. `needs_a_key` says that a query of the
    level alone matches nothing. `names_in_any_case` says that capitals in a name mean nothing.
    """

    handing: Handing = Handing.ALL_FAILED
    parents: Parents = Parents.VALUED
    unnamed: Unnamed = Unnamed.REFUSED
    patients_in_study_root: bool = False
    no_level: int = 0xA900
    wrong_level: int = 0xA900
    refuses_wild_dates: bool = False
    unknown_keys: bool = True
    unknown_values: bool = True
    needs_a_key: bool = False
    names_in_any_case: bool = False


STANDARD = Manners()
_OF_PRODUCT = {
    ORTHANC: Manners(
        handing=Handing.FIRST_FAILED,
        parents=Parents.FREE,
        unnamed=Unnamed.NOTHING,
        patients_in_study_root=True,
        no_level=0xC000,
        wrong_level=0xC000,
        refuses_wild_dates=True,
        unknown_values=False,
        names_in_any_case=True,
    ),
    DCMTK: Manners(
        handing=Handing.ONE_BY_ONE,
        parents=Parents.PRESENT,
        unnamed=Unnamed.EVERYTHING,
        wrong_level=0xC000,
        unknown_keys=False,
        needs_a_key=True,
    ),
}


def manners_of(product: str) -> Manners:
    """The manners of a product, by its name in `knowledge.products`."""
    return _OF_PRODUCT.get(product, STANDARD)
