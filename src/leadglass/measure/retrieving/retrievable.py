"""How many of the listed images would be handed over: 12 studies at most are asked for by empty-handed C-GETs.

Only where the scope permits it, and one image was proved to be handed over: the proof's control stands for all. Cost:
12 questions at most, each of which makes the server open a file, on one association; before them, where it answers
below its studies, two small C-FINDs for each on another, with 21 records and what comes after a cancel.
"""

from collections.abc import Iterable

import msgspec

from leadglass.measure.outcome import Measured, broken_off
from leadglass.measure.retrieving.figure import Answer, Drawn, asked_all, estimated
from leadglass.measure.retrieving.lots import Drawing, Listed
from leadglass.model.exposure import Count
from leadglass.model.facts import Query, RetrievalSample
from leadglass.model.record import Record
from leadglass.model.ways import DimseWay, Way
from leadglass.model.words import Permission, Status
from leadglass.net.empty_handed import GET_FOR_FIND, MAX_SILENCES, Asked, choose, get_each, shown, shows_images
from leadglass.net.ends import GetEnd
from leadglass.net.host import Host
from leadglass.net.questions import MODEL_NAMES, Line, questions
from leadglass.wire.queries import STUDY
from leadglass.wire.uids import PATIENT_ROOT_FIND

_OUT_OF_RESOURCES, _WARNING = 0xA7, 0xB0  # first bytes of statuses that tell of a lack, and not of an image


class _Told(Record):
    """What came of one drawn study: how it was answered, and how many images the reply showed."""

    times: int
    images: int
    answer: Answer
    shown: int = 0


async def with_retrievable(host: Host, way: Way, measured: Measured) -> Measured:
    """What counting came to, with the retrievable images. Never raises for what the peer does."""
    exposure = measured.exposure
    if not isinstance(way, DimseWay) or way.handed_level is None or not host.may(Permission.REQUEST_IMAGES):
        return measured
    if exposure is None or exposure.images is None or not measured.lots:
        return measured
    drawing = measured.lots.drawn()
    asking = _Asking(host, way)
    told = await asking.run(drawing)
    measured = msgspec.structs.replace(measured, queries=measured.queries + asking.asked)
    figure = _figure(exposure.images, drawing, told)
    if figure is None:
        return without_retrievable(measured, _why_none(host, told))
    limits = (*exposure.limits, *_limits(host, drawing, told))
    exposure = msgspec.structs.replace(exposure, retrievable_images=figure, limits=limits)
    return msgspec.structs.replace(measured, exposure=exposure, sample=_sample(way.handed_level, told))


def without_retrievable(measured: Measured, why: str) -> Measured:
    """What counting came to, and why it is not told how many of the images are retrievable."""
    if measured.exposure is None:
        return measured
    limits = (*measured.exposure.limits, f"how many images are retrievable is not known: {why}")
    return msgspec.structs.replace(measured, exposure=msgspec.structs.replace(measured.exposure, limits=limits))


class _Asking:
    """Asks one server for what was drawn."""

    def __init__(self, host: Host, way: DimseWay) -> None:
        self._line = Line(host, way.port, tls=way.tls, called_ae_title=way.called_ae_title)
        self._way = way
        self.asked: tuple[Query, ...] = ()

    async def run(self, drawing: Drawing) -> list[_Told]:
        """What came of each study; those that the budget left are not there."""
        named = await self._named(drawing.studies)
        wanted = [one for _, _, one in named if one is not None]
        ends = await get_each(self._line, GET_FOR_FIND[self._way.sop_class_uid], [one.identifier() for one in wanted])
        spent = bool(ends) and ends[-1].status is Status.BUDGET_SPENT
        by_place = iter(ends[:-1] if spent else ends)
        told = []
        for listed, times, one in named:
            end = next(by_place, None) if one is not None else None
            if end is not None:
                told.append(_Told(times=times, images=listed.images, answer=_judged(end), shown=shown(end)))
            elif one is None or not spent:
                told.append(_Told(times=times, images=listed.images, answer=Answer.UNANSWERED))
        return told

    async def _named(self, studies: Iterable[tuple[Listed, int]]) -> list[tuple[Listed, int, Asked | None]]:
        """What to ask for at the level of the proof; None where the server does not name it, which may be its answer.

        A server that twice does not is not asked for the rest.
        """
        found: list[tuple[Listed, int, Asked | None]] = []
        model, missed = self._way.sop_class_uid, 0
        async with questions(self._line, model, MODEL_NAMES[model]) as asking:
            for listed, times in studies:
                patient, one = listed.patient if model == PATIENT_ROOT_FIND else b"", None
                if self._way.handed_level == STUDY:
                    one = Asked(patient, listed.study)
                elif missed < MAX_SILENCES:
                    one = await choose(asking, listed.study, patient)
                    if one is None:
                        break
                if one is None or one.level != self._way.handed_level:
                    missed, one = missed + 1, None
                found.append((listed, times, one))
        self.asked = tuple(asking.asked)
        return found


def _judged(end: GetEnd) -> Answer:
    """The server lists this study and has handed over another image: success without an image is an answer here."""
    if shows_images(end):
        return Answer.HANDED
    if end.is_refusal:
        return Answer.WITHHELD
    if end.status is not Status.SUCCESS or end.dimse_status is None or shown(end):
        return Answer.UNANSWERED
    lacking = end.dimse_status >> 8 in (_OUT_OF_RESOURCES, _WARNING)
    return Answer.UNANSWERED if lacking and end.sub_operations is None else Answer.WITHHELD


def _figure(images: Count, drawing: Drawing, told: list[_Told]) -> Count | None:
    if not any(one.answer is not Answer.UNANSWERED for one in told):
        return None
    if drawing.whole and len(told) == len(drawing.studies):
        return asked_all(images, [(one.images, one.shown, one.answer) for one in told])
    if drawing.whole:  # the budget left some: which ones is chance, but they were not drawn by their images
        return Count.at_least(max(1, sum(one.images for one in told if one.answer is Answer.HANDED)))
    return estimated(images, _drawn(told), drawing.effective)


def _drawn(told: list[_Told]) -> Drawn:
    def times(answer: Answer) -> int:
        return sum(one.times for one in told if one.answer is answer)

    return Drawn(handed=times(Answer.HANDED), withheld=times(Answer.WITHHELD), unanswered=times(Answer.UNANSWERED))


def _sample(level: str, told: list[_Told]) -> RetrievalSample:
    def studies(answer: Answer) -> int:
        return sum(one.answer is answer for one in told)

    return RetrievalSample(
        level=level,
        draws=sum(one.times for one in told),
        asked=len(told),
        handed=studies(Answer.HANDED),
        withheld=studies(Answer.WITHHELD),
        unanswered=studies(Answer.UNANSWERED),
    )


def _limits(host: Host, drawing: Drawing, told: list[_Told]) -> tuple[str, ...]:
    """What kept studies that were drawn from telling whether their images are retrievable."""
    all_drawn, unanswered = len(drawing.studies), sum(one.answer is Answer.UNANSWERED for one in told)
    limits = []
    if len(told) < all_drawn:
        limits.append(f"images were asked for in {len(told)} studies of {all_drawn} drawn: {broken_off(host.meter)}")
    if unanswered:
        limits.append(f"of {len(told)} studies whose images were asked for, {unanswered} gave no answer that tells")
    return tuple(limits)


def _why_none(host: Host, told: list[_Told]) -> str:
    """Why no answer told anything."""
    return "no study that was asked for was answered" if told else broken_off(host.meter)
