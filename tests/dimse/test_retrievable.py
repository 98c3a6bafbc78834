"""How many images are retrievable is asked of 12 studies at most, whatever the server does, where it may be asked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

import msgspec
import pytest

from leadglass.lab.zoo.caller import Caller
from leadglass.lab.zoo.serving import listening
from leadglass.measure.retrieving import lots
from leadglass.measure.retrieving.lots import MAX_ASKED
from leadglass.model.assessment import TargetResult
from leadglass.model.exposure import Count, Exposure
from leadglass.model.facts import RetrievalSample
from leadglass.model.scope import ALL_PERMISSIONS, Budget, Scope
from leadglass.model.target import parse_target
from leadglass.model.words import CountKind, Permission, Retrieval
from leadglass.net.empty_handed import MAX_SILENCES
from leadglass.net.gate import Gate
from leadglass.probe.manner import Manner, Switch
from leadglass.survey.options import Options
from leadglass.survey.run import assess_all
from leadglass.wire import tags
from leadglass.wire.association import Message
from leadglass.wire.commands import CommandField
from leadglass.wire.queries import IMAGE, SERIES, STUDY
from tests.bad_peers.asking import finish
from tests.dimse.asking import PATIENT as TIMING
from tests.dimse.asking import TODAY, dimse
from tests.dimse.shelf import Doors, Limit, Shelf, Study, Values

WITHOUT = tuple(permission for permission in ALL_PERMISSIONS if permission is not Permission.REQUEST_IMAGES)
MANY = tuple(Study(f"1.2.77.{n}", f"P{n}", day=f"20{10 + n % 9}0315", series=(3, 2)) for n in range(90))
PROOF = 2  # C-GETs: the control's and the proof's


@pytest.fixture(autouse=True)
def _the_same_chance_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lots, "_CHANCE", Random(7))


def asked_with(
    server: Shelf,
    permits: tuple[Permission, ...] = ALL_PERMISSIONS,
    budget: Budget | None = None,
    without: tuple[Switch, ...] = (),
) -> TargetResult:
    """The result for `server` where a scope permits this; everything is counted."""

    async def run() -> TargetResult:
        async with listening(server.serve) as port:
            scope = Scope(authority="t", contact="t", targets=("127.0.0.1",), opt_out=(), permits=permits)
            manner = Manner(today=TODAY, without=without)
            options = Options(manner=manner, contact="t", timing=TIMING, budget=budget or Budget(), wish=None)
            target = parse_target(f"dicom://127.0.0.1:{port}")
            [result] = await assess_all([target], Gate(scope), options, lambda: datetime.now(UTC), lambda _: None)
            return result

    return finish(run())


def exposure(result: TargetResult) -> Exposure:
    """What is given away, of which no identifier is shown anywhere."""
    assert result.exposure is not None
    assert "1.2.77" not in repr(result) + msgspec.json.encode(result).decode()
    return result.exposure


def retrievable(result: TargetResult) -> Count:
    """The figure, which must be there."""
    found = exposure(result).retrievable_images
    assert found is not None, exposure(result).limits
    return found


def sample(result: TargetResult) -> RetrievalSample | None:
    """The fact that stands for it."""
    facts = dimse(result).facts.dimse
    assert facts is not None
    return facts.retrieval_sample


def below(server: Shelf) -> list[Values]:
    """The questions for UIDs below a study; others ask for modalities."""
    asked = [one for one in server.finds if one[tags.QUERY_RETRIEVE_LEVEL] in (SERIES, IMAGE)]
    return [one for one in asked if tags.MODALITY not in one]


Fate = Callable[["Lossy", Caller, Message], None]


@dataclass
class Lossy(Shelf):
    """After the proof meets a request for a study that is lost by its `fate`."""

    lost: Callable[[int], bool] = lambda number: False
    fate: Fate = lambda self, caller, message: caller.send(caller.response(message, 0, failed=0))
    got: list[Values] = field(default_factory=list)
    requests: list[CommandField | None] = field(default_factory=list)

    async def asked(self, caller: Caller, message: Message) -> None:
        """What is asked is remembered."""
        self.requests.append(message.command.field)
        await super().asked(caller, message)

    async def get(self, caller: Caller, message: Message) -> None:
        """By the last number of the study's UID."""
        wanted = self.values(caller, message)
        self.got.append(wanted)
        uid = wanted[tags.STUDY_INSTANCE_UID]
        if len(self.got) > PROOF and uid.startswith("1.2.77") and self.lost(int(uid.rpartition(".")[2])):
            self.fate(self, caller, message)
        else:
            await super().get(caller, message)


def test_twelve_studies_are_asked_for_an_image_each() -> None:
    server = Lossy(studies=MANY)
    result = asked_with(server)
    figure = retrievable(result)
    assert exposure(result).images == Count.exact(450)
    assert (figure.kind, figure.count, figure.low, figure.high) == (CountKind.ESTIMATE, 450, 330, 450)
    asked = [one[tags.STUDY_INSTANCE_UID] for one in server.got[PROOF:]]
    assert len(asked) == len({*asked}) <= MAX_ASKED
    assert all(one[tags.QUERY_RETRIEVE_LEVEL] == IMAGE and one[tags.SOP_INSTANCE_UID] for one in server.got)
    assert CommandField.C_MOVE_RQ not in server.requests
    told = sample(result)
    assert told is not None
    assert (told.draws, told.asked, told.handed, told.withheld) == (MAX_ASKED, len(asked), len(asked), 0)


def test_a_large_study_is_drawn_more_often_than_a_small_one() -> None:
    """Of 847 images 600 are one study's: eight or nine draws of twelve, and one question."""
    held = (
        *MANY[:40],
        Study("1.2.77.99", "LARGE", series=(600,)),
        *(Study(f"1.2.77.{n}", "S") for n in range(200, 247)),
    )
    told = sample(asked_with(Lossy(studies=held)))
    assert told is not None
    assert (told.draws, told.asked) == (MAX_ASKED, told.handed)
    assert told.asked < 9
    assert retrievable(asked_with(Lossy(studies=held, lost=lambda number: number == 99))).count < 600


def test_what_it_costs_is_in_the_ledger() -> None:
    """Of each study two series and two images, which the shelf sends at once; one association for all of either."""
    server, without = Lossy(studies=MANY), Lossy(studies=MANY)
    result = asked_with(server)
    plain = asked_with(without, without=(Switch.RETRIEVABLE_IMAGES,))
    told = sample(result)
    assert told is not None
    assert result.cost.connections - plain.cost.connections == 2
    assert server.associations - without.associations == 2
    assert len(below(server)) == 2 * (told.asked + 1)
    assert result.cost.records_received - plain.cost.records_received == 4 * told.asked
    assert dimse(result).records_received == result.cost.records_received
    assert sum(surface.connections for surface in result.surfaces) == result.cost.connections
    assert result.cost.busy_s > plain.cost.busy_s


@dataclass
class Numbered(Lossy):
    """Has images with numbers, from `first` on, and heeds them."""

    first: int = 1

    def matching(self, wanted: Values, level: str) -> list[Values]:
        """The image whose number it is."""
        number = wanted.get(tags.INSTANCE_NUMBER, "")
        found = super().matching({**wanted, tags.INSTANCE_NUMBER: ""}, level)
        return [one for at, one in enumerate(found, self.first) if not number or str(at) == number]


def of_images(server: Shelf) -> list[str | None]:
    """The numbers that were asked for below a series, None where that was none."""
    return [one.get(tags.INSTANCE_NUMBER) for one in server.finds if one[tags.QUERY_RETRIEVE_LEVEL] == IMAGE]


@pytest.mark.parametrize(
    ("images", "first", "asked"), [(20, 1, [None]), (21, 1, ["1"]), (500, 0, ["1"]), (500, 2, ["1", None])]
)
def test_of_a_long_series_the_first_image_is_asked_for_by_its_number(
    images: int, first: int, asked: list[str | None]
) -> None:
    """A cancel comes too late for the rest. Where no image has the number, any is taken; for the proof and after."""
    server = Numbered(studies=(Study("1.2.77.1", "P", series=(images,)),), first=first)
    result = asked_with(server)
    assert of_images(server) == asked * 2
    assert retrievable(result).count == images
    assert result.cost.records_received < (30 if asked == ["1"] else 2 * images + 30)


def refused(self: Lossy, caller: Caller, message: Message) -> None:
    caller.send(caller.response(message, 0x0124))


def failed(self: Lossy, caller: Caller, message: Message) -> None:
    caller.send(caller.response(message, 0xC000, failed=0))


def aborted(self: Lossy, caller: Caller, message: Message) -> None:
    caller.abort()


def empty(self: Lossy, caller: Caller, message: Message) -> None:
    caller.send(caller.response(message, 0, remaining=0, completed=0, failed=0, warning=0))


def wordless(self: Lossy, caller: Caller, message: Message) -> None:
    caller.send(caller.response(message, 0))


@pytest.mark.parametrize("fate", [empty, wordless, failed, refused, aborted])
def test_what_is_listed_and_not_handed_over_is_not_retrievable(fate: Fate) -> None:
    """It says so by success without an image, a failure, or a refusal."""
    lossy = Lossy(studies=MANY, lost=lambda number: number % 2 == 0, fate=fate)
    result = asked_with(lossy)
    figure, told = retrievable(result), sample(result)
    assert told is not None
    assert (told.handed > 0, told.withheld > 0, told.unanswered) == (True, True, 0)
    assert figure.kind is CountKind.ESTIMATE
    assert 1 < figure.low < 225 < (figure.high or 0) < 450
    assert not exposure(result).limits


def hung_up(self: Lossy, caller: Caller, message: Message) -> None:
    caller.close()


def out_of_resources(self: Lossy, caller: Caller, message: Message) -> None:
    caller.send(caller.response(message, 0xA701))


def odd(self: Lossy, caller: Caller, message: Message) -> None:
    """As one that refuses with A701H, and counts failures all the same."""
    caller.send(caller.response(message, 0xA701, remaining=0, completed=0, failed=5, warning=0))


@pytest.mark.parametrize("fate", [out_of_resources, odd])
def test_what_tells_nothing_may_be_either(fate: Fate) -> None:
    """And it is said how many those were."""
    result = asked_with(Lossy(studies=MANY, lost=lambda number: number % 9 == 0, fate=fate))
    figure, told = retrievable(result), sample(result)
    assert told is not None
    assert told.withheld == 0
    assert told.unanswered > 0
    if figure.kind is CountKind.ESTIMATE:
        assert (figure.count, figure.high) == (450, 450)
    assert figure.low < 330, "those without an answer may all be lost"
    assert f"of {told.asked} studies whose images were asked for, {told.unanswered} gave no answer that tells" in (
        exposure(result).limits
    )


def test_who_hangs_up_twice_is_not_asked_again() -> None:
    server = Lossy(studies=MANY, lost=lambda number: True, fate=hung_up)
    result = asked_with(server)
    assert len(server.got) == PROOF + 2
    assert exposure(result).retrievable_images is None
    [limit] = exposure(result).limits
    assert limit == "how many images are retrievable is not known: no study that was asked for was answered"
    some = Lossy(studies=MANY, lost=lambda number: number > 30, fate=hung_up)
    figure = retrievable(asked_with(some))
    assert figure.kind is CountKind.AT_LEAST
    assert figure.count <= 155


def test_nothing_is_asked_without_permission_and_that_is_told() -> None:
    server = Lossy(studies=MANY)
    result = asked_with(server, WITHOUT)
    assert not server.got
    assert exposure(result).retrievable_images is None
    assert sample(result) is None
    assert any("and how many (request-images)" in words for words in result.not_asked)


def test_the_user_may_leave_it_out() -> None:
    server = Lossy(studies=MANY)
    result = asked_with(server, without=(Switch.RETRIEVABLE_IMAGES,))
    assert len(server.got) == PROOF
    assert dimse(result).retrieval is Retrieval.PROVED
    assert exposure(result).retrievable_images is None
    assert not exposure(result).limits


@pytest.mark.parametrize("refusal", [0x0124, None])
def test_where_the_proof_was_refused_nothing_more_is_asked(refusal: int | None) -> None:
    """One refusal is not none of all, and twelve more are not the way to find out."""
    server = Lossy(studies=MANY, titles={"ANY-SCP": Doors(get=False, refusal=refusal)})
    result = asked_with(server)
    assert dimse(result).retrieval is Retrieval.REFUSED
    assert server.requests.count(CommandField.C_GET_RQ) == PROOF
    assert exposure(result).retrievable_images is None
    assert not exposure(result).limits
    assert len(below(server)) == 2, "for the proof"


def test_a_budget_that_ends_it_is_named() -> None:
    plain = asked_with(Lossy(studies=MANY), without=(Switch.RETRIEVABLE_IMAGES,)).cost
    server = Lossy(studies=MANY)
    result = asked_with(server, budget=Budget(max_records=plain.records_received + 10))
    figure, told = retrievable(result), sample(result)
    assert told is not None
    assert 0 < told.asked < 6
    assert figure.kind is CountKind.ESTIMATE
    assert figure.low < 330
    [limit] = exposure(result).limits
    assert limit.startswith(f"images were asked for in {told.asked} studies of ")
    assert "--max-records" in limit
    for more in (0, 1):  # none for the UIDs, and none for the images
        none = asked_with(Lossy(studies=MANY), budget=Budget(max_connections=plain.connections + more))
        assert exposure(none).retrievable_images is None
        assert any("is not known: our own budget" in limit for limit in exposure(none).limits)


def test_of_a_few_studies_each_stands_for_its_images() -> None:
    """The first has one image, and that is shown; the others have five, of which one is asked for."""
    held = (Study("1.2.77.0", "A"), *MANY[1:6])
    everything = retrievable(asked_with(Lossy(studies=held)))
    assert (everything.kind, everything.low, everything.count, everything.high) == (CountKind.ESTIMATE, 26, 26, 26)
    part = retrievable(asked_with(Lossy(studies=held, lost=lambda number: number > 3)))
    assert (part.kind, part.low, part.count, part.high) == (CountKind.ESTIMATE, 16, 16, 16)


def test_where_every_image_was_shown_the_figure_is_exact() -> None:
    singles = tuple(Study(f"1.2.77.{n}", f"P{n}") for n in range(MAX_ASKED))
    assert retrievable(asked_with(Lossy(studies=singles))) == Count.exact(MAX_ASKED)
    more = retrievable(asked_with(Lossy(studies=(*singles, Study("1.2.77.99", "LAST")))))
    assert more.kind is CountKind.ESTIMATE


class Shallow(Lossy):
    """Answers at no level below its studies, and counts all images of the study that it is asked for."""

    def matching(self, wanted: Values, level: str) -> list[Values]:
        """Nothing of a series."""
        below = wanted.get(tags.QUERY_RETRIEVE_LEVEL) in (SERIES, IMAGE)
        return [] if below else super().matching(wanted, level)

    async def get(self, caller: Caller, message: Message) -> None:
        """All failed."""
        self.got.append(wanted := self.values(caller, message))
        found = len(super().matching(wanted, IMAGE))
        caller.send(caller.response(message, 0xA702 if found else 0, remaining=0, completed=0, failed=found, warning=0))


def test_a_server_that_answers_at_no_lower_level_is_asked_at_the_level_of_its_proof() -> None:
    server = Shallow(studies=MANY[:7])
    result = asked_with(server)
    assert retrievable(result) == Count.exact(35)
    assert {one[tags.QUERY_RETRIEVE_LEVEL] for one in server.got} == {STUDY}
    assert len(below(server)) == 1, "for the proof"


@dataclass
class Forgetful(Lossy):
    """Names the images of no study but the one of the proof."""

    proved: bool = False

    async def get(self, caller: Caller, message: Message) -> None:
        """As any other; then it names no more."""
        await super().get(caller, message)
        self.proved = len(self.got) >= PROOF

    def matching(self, wanted: Values, level: str) -> list[Values]:
        """Nothing below a study, once images were asked for."""
        deep = wanted.get(tags.QUERY_RETRIEVE_LEVEL) in (SERIES, IMAGE)
        return [] if deep and self.proved else super().matching(wanted, level)


def test_a_study_whose_images_are_not_named_is_not_asked_for_as_a_whole() -> None:
    """The control was for an image; and who twice names none is not asked for the rest."""
    server = Forgetful(studies=MANY)
    result = asked_with(server)
    assert len(server.got) == PROOF
    assert len(below(server)) == 2 + MAX_SILENCES
    assert exposure(result).retrievable_images is None


def test_what_was_counted_in_part_is_retrievable_in_part() -> None:
    found = exposure(asked_with(Lossy(studies=MANY, limits={STUDY: Limit(60)})))
    assert found.images == Count.at_least(300)
    assert found.retrievable_images == Count.at_least(220)


def test_where_numbers_are_left_out_studies_are_drawn_by_what_was_counted_below_them() -> None:
    server = Lossy(studies=MANY[:40], counts=False)
    result = asked_with(server)
    assert exposure(result).images == Count.exact(200)
    figure = retrievable(result)
    assert (figure.kind, figure.count, figure.low) == (CountKind.ESTIMATE, 200, 147)
