"""How large an archive is, roughly, and by which keys it may be divided: each is tried before it is trusted.

Cost: one question of 20 seconds of the day for an archive of less than some 30,000 studies; else seven more of about a
hundred records, and five that bring a part of those again.
"""

from collections import Counter
from collections.abc import Callable

from leadglass.measure.sampling.frames import Slice, Slices
from leadglass.measure.sampling.question import DAY_S, Answer, Entry, Question, Source
from leadglass.measure.sampling.tails import figures_at_end
from leadglass.model.record import Record
from leadglass.wire.queries import PATIENT

_LOOK_S = 20  # of the day, and as the first look at an archive
FEW = 12  # records in it: an archive of less than about 30,000 studies, which is soon counted
_MOST = 2_000  # records that a first look takes
_PEAK = 2.2  # how much fuller than others the hours are that the first look falls into
_HOURS = (9, 16)
# Ends of the stretches of the day in hours, and the share of studies that is expected of each. Midnight itself is
# left out: programs write it where they know no time.
_STRETCHES = ((0, 7, 0.08), (7, 9, 0.15), (9, 11, 0.22), (11, 13, 0.2), (13, 16, 0.25), (16, 24, 0.1))
_A_SLICE, _SLICE_MOST = 80, 600  # records that one is meant to bring, and at which it is given up
_USUAL = 0.5  # a key that fewer records have is not divided by
_SAME = 0.03  # by which two answers may differ while studies come in


class Keys(Record):
    """Which keys divide the archive, and what was seen of their records. `refused` tells of the others in words."""

    times: bool = False
    accessions: bool = False
    patients: bool = False
    modalities: bool = False
    patient_level: bool = False
    refused: tuple[str, ...] = ()


class Look:
    """What the first questions brought: kept until the last of the tests, and never written anywhere."""

    def __init__(self, rough: float) -> None:
        """`rough` is how many studies there may be."""
        self.rough = rough
        self.frame: Slices | None = None
        self.parts: list[list[Entry]] = []

    def __repr__(self) -> str:
        """Without values."""
        return f"Look({self.rough:.0f} studies)"

    @property
    def entries(self) -> list[Entry]:
        """All records."""
        return [entry for part in self.parts for entry in part]


async def first_look(source: Source, below: Callable[[int], int]) -> Look | None:
    """The size of an archive that is worth a sample; None where it is small, or StudyTime does not divide it."""
    start = _HOURS[0] * 3600 + below((_HOURS[1] - _HOURS[0]) * 3600)
    question = Question(seconds=(start, start + _LOOK_S - 1))
    answer, entries = await collected(source, question, _MOST)
    if answer.records < FEW or not within(entries, question) or len({entry.second for entry in entries}) < 2:
        return None
    return Look(answer.records / _LOOK_S * DAY_S / _PEAK)


async def look_around(source: Source, look: Look, below: Callable[[int], int]) -> bool:
    """Slices over the day; whether all of them came whole, and from where they were asked."""
    slices = []
    for first, end, share in _STRETCHES:
        length = (end - first) * 3600 - (first == 0)
        width = max(1, min(length, round(_A_SLICE / max(1.0, look.rough * share) * length)))
        begin = end * 3600 - length
        slices.append(Slice(begin, end * 3600, begin - width + 1 + below(length + width - 1), width))
    frame, parts = Slices(tuple(slices)), []
    for question in frame.questions():
        answer, entries = await collected(source, question, _SLICE_MOST)
        if not answer.whole or not within(entries, question):
            return False
        parts.append(entries)
    look.frame, look.parts = frame, parts
    rough = sum(len(part) / one.chance for part, one in zip(parts, frame.slices, strict=True))
    look.rough = rough or look.rough
    return True


async def tried_keys(source: Source, look: Look) -> Keys:
    """Each key is asked with a value whose answer is known already."""
    if not look.parts or not look.frame:
        return Keys()
    fullest = max(range(len(look.parts)), key=lambda n: len(look.parts[n]))
    seconds, entries = look.frame.slices[fullest].seconds, look.parts[fullest]
    refused = []

    async def tries(name: str, question: Question, among: Callable[[Entry], bool]) -> bool:
        known = sum(map(among, entries))
        answer, came = await collected(source, question, len(entries) + 10)
        good = known > 0 and answer.whole and all(map(among, came)) and near(len(came), known)
        if not good:
            refused.append(f"{name} does not divide the archive")
        return good

    tail = _commonest([entry.accession for entry in entries])
    accessions = tail != "" and await tries(
        "AccessionNumber", Question(seconds=seconds, accession=tail), lambda e: e.accession.endswith(tail.encode())
    )
    end = _commonest([entry.patient for entry in entries])
    patients = end != "" and await tries(
        "PatientID", Question(seconds=seconds, patient=end), lambda e: e.patient.endswith(end.encode())
    )
    codes = Counter(code for entry in entries for code in entry.kinds)
    code = min(codes, key=lambda one: abs(codes[one] - len(entries) / 3), default=b"")
    modalities = code != b"" and await tries(
        "ModalitiesInStudy",
        Question(seconds=seconds, modality=code.decode("ascii", "ignore")),
        lambda e: code in e.kinds,
    )
    return Keys(times=True, accessions=accessions, patients=patients, modalities=modalities, refused=tuple(refused))


async def tried_patient_level(source: Source, tail: str, patients: int) -> bool:
    """Whether PATIENT level gives each of the `patients` once whose identifiers end with `tail`."""
    answer, came = await collected(source, Question(level=PATIENT, patient=tail), 2 * patients + 10)
    distinct = len({entry.patient for entry in came})
    return answer.whole and near(distinct, patients) and distinct == len(came)


async def collected(source: Source, question: Question, most: int) -> tuple[Answer, list[Entry]]:
    """The records of an answer; one that has more than `most` is given up, and not whole."""
    entries: list[Entry] = []

    def take(entry: Entry) -> bool:
        entries.append(entry)
        return len(entries) <= most

    return await source.ask(question, take), entries


def within(entries: list[Entry], question: Question) -> bool:
    """Whether every record lies in the seconds that were asked for."""
    first, last = question.seconds or (0, DAY_S)
    return all(entry.second is not None and first <= entry.second <= last for entry in entries)


def near(came: int, known: int) -> bool:
    """Whether two answers are the same, but for what may have come in between."""
    return abs(came - known) <= 1 + _SAME * known


def _commonest(identifiers: list[bytes]) -> str:
    """The last figure that is commonest; "" where most identifiers end in none."""
    figures = Counter(one.rstrip(b" \0")[-1:] for one in identifiers if figures_at_end(one))
    if sum(figures.values()) < _USUAL * max(1, len(identifiers)):
        return ""
    return figures.most_common(1)[0][0].decode("ascii")
