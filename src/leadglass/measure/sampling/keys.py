"""Each key is tried with a question whose answer is known already, before an archive is divided by it.

Cost: a question each, that brings a part of a hundred records again.
"""

from collections import Counter
from collections.abc import Callable

import msgspec

from leadglass.measure.sampling.asking import Asker
from leadglass.measure.sampling.estimate import Draw
from leadglass.measure.sampling.frames import Tails
from leadglass.measure.sampling.pilot import Look
from leadglass.measure.sampling.question import Entry, Question
from leadglass.measure.sampling.tails import figures_at_end
from leadglass.wire.queries import PATIENT

_USUAL = 0.5  # a key that fewer records have is not divided by
_SAME = 0.03  # by which two answers may differ while studies come in


async def _agrees(asker: Asker, look: Look, question: Question, among: Callable[[Entry], bool], name: str) -> bool:
    """Whether a narrower question brings those of the known records that it should, and no others."""
    known = sum(map(among, look.entries))
    answer, came = await asker.collected(question, 2 * len(look.entries) + 10)
    good = known > 0 and answer.whole and all(map(among, came)) and near(len(came), known)
    if not good:
        if len(came) > known and all(map(among, came)):
            asker.ends_unsaid(len(look.entries))
        else:
            asker.limits.append(f"{name} does not divide the archive")
    return good


async def divides_by_patient(asker: Asker, look: Look) -> bool:
    """PatientID by its end."""
    tail = look.question.patient
    figure = _commonest([entry.patient[: len(entry.patient) - len(tail)] for entry in look.entries])
    end = figure + tail
    question = msgspec.structs.replace(look.question, patient=end)
    return figure != "" and await _agrees(
        asker, look, question, lambda entry: entry.patient.rstrip(b" \0").endswith(end.encode()), "PatientID"
    )


async def divides_by_accession(asker: Asker, look: Look) -> bool:
    """AccessionNumber by its end."""
    end = _commonest([entry.accession for entry in look.entries])
    question = msgspec.structs.replace(look.question, accession=end)
    return end != "" and await _agrees(
        asker, look, question, lambda entry: entry.accession.rstrip(b" \0").endswith(end.encode()), "AccessionNumber"
    )


async def divides_by_modality(asker: Asker, look: Look) -> bool:
    """ModalitiesInStudy by one of its values."""
    codes = Counter(code for entry in look.entries for code in entry.kinds)
    third = len(look.entries) / 3
    code = min((one for one in codes if one.isalnum()), key=lambda one: abs(codes[one] - third), default=b"")
    question = msgspec.structs.replace(look.question, modality=code.decode("ascii", "ignore"))
    return code != b"" and await _agrees(asker, look, question, lambda entry: code in entry.kinds, "ModalitiesInStudy")


async def divides_by_birth(asker: Asker, look: Look) -> bool:
    """PatientBirthDate by a range."""
    days = sorted(entry.born for entry in look.entries if entry.born)
    if len(days) < _USUAL * len(look.entries):
        return False
    first, last = days[len(days) // 3], days[2 * len(days) // 3]
    question = msgspec.structs.replace(look.question, births=(f"{first:08}", f"{last:08}"))
    return await _agrees(
        asker, look, question, lambda entry: entry.born is not None and first <= entry.born <= last, "PatientBirthDate"
    )


async def patient_level(asker: Asker, draw: Draw) -> tuple[bool, bool]:
    """Whether PATIENT level gives the patients of a drawn ending once each, and with true sums of their studies."""
    question, studies = next(draw.frame.questions()), draw.parts[0]
    patients = len({unit.patient for unit in studies})
    frame = Tails("patient", (question.patient,), level=PATIENT)
    held = await asker.held(msgspec.structs.replace(question, level=PATIENT), frame, 2 * patients + 10)
    if held is None:
        asker.limits.append("PATIENT level does not divide the archive")
        return False, False
    usable = near(len(held.units), patients)
    if not usable:
        asker.limits.append("PATIENT level does not give the patients that STUDY level gives")
    told = sum(unit.studies for unit in held.units), sum(unit.images for unit in held.units)
    known = len(studies), sum(unit.images for unit in studies)
    counted = all(near(*pair) for pair in zip(told, known, strict=True)) and all(unit.images for unit in studies)
    return usable, usable and counted


def near(came: int, known: int) -> bool:
    """Whether two answers are the same, but for what may have come in between."""
    return abs(came - known) <= 1 + _SAME * known


def _commonest(identifiers: list[bytes]) -> str:
    """The last figure that is commonest; "" where most identifiers end in none."""
    figures = Counter(one.rstrip(b" \0")[-1:] for one in identifiers if figures_at_end(one))
    if sum(figures.values()) < _USUAL * max(1, len(identifiers)):
        return ""
    return figures.most_common(1)[0][0].decode("ascii")
