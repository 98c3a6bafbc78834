"""Kinds of data come from 20 records at most, whatever the server does, and only where they may be asked for."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

import msgspec
import pytest

from leadglass.lab.archive import Archive
from leadglass.lab.habits import Habits
from leadglass.lab.posture import OPEN
from leadglass.lab.server import serving
from leadglass.lab.spec import ArchiveSpec
from leadglass.lab.zoo.serving import listening
from leadglass.model.assessment import TargetResult
from leadglass.model.exposure import Exposure
from leadglass.model.kinds import DataKind, DocumentKind, Kinds, Presence
from leadglass.model.scope import ALL_PERMISSIONS, Budget, Scope
from leadglass.model.target import parse_target
from leadglass.model.words import Permission, SurfaceKind
from leadglass.net.gate import Gate
from leadglass.probe.manner import Manner, Switch
from leadglass.survey.options import Options
from leadglass.survey.run import assess_all
from leadglass.wire import tags
from leadglass.wire.queries import PATIENT, SERIES
from tests.bad_peers.asking import finish
from tests.dimse.asking import PATIENT as TIMING
from tests.dimse.asking import TODAY, assessed, dimse
from tests.dimse.shelf import Doors, Shelf, Study, Values

NAME, PHONE = "Canaryname^Wanda", "555-CANARY-0199"
MANNER = Manner(today=TODAY, without=(Switch.RETRIEVABLE_IMAGES,))
WITHOUT = tuple(permission for permission in ALL_PERMISSIONS if permission is not Permission.SAMPLE_KINDS)
HELD = tuple(Study(f"1.2.{n}", f"P{n}", day=f"20{10 + n // 9}0{1 + n % 9}15") for n in range(90))


class Named(Shelf):
    """Tells what it is asked, with a name in it."""

    told: Mapping[int, str] = MappingProxyType(
        {tags.PATIENT_NAME: NAME, tags.PATIENT_TELEPHONE_NUMBERS: PHONE, tags.MODALITIES_IN_STUDY: "CT"}
    )

    def matching(self, wanted: Values, level: str) -> list[Values]:
        """With all that is told."""
        return [{**self.told, **values} for values in super().matching(wanted, level)]

    def by_uid(self) -> list[Values]:
        """The questions for kinds of data."""
        return [wanted for wanted in self.finds if tags.PATIENT_NAME in wanted]


class Lists(Named):
    """Takes a list of UIDs."""

    def matching(self, wanted: Values, level: str) -> list[Values]:
        """All that are in the list."""
        uids = wanted.get(tags.STUDY_INSTANCE_UID, "").split("\\")
        each = super().matching
        return [one for uid in uids for one in each({**wanted, tags.STUDY_INSTANCE_UID: uid}, level)]


def asked_with(server: Shelf, permits: tuple[Permission, ...], budget: Budget | None = None) -> TargetResult:
    """The result for `server` where a scope permits this."""

    async def run() -> TargetResult:
        async with listening(server.serve) as port:
            scope = Scope(authority="t", contact="t", targets=("127.0.0.1",), opt_out=(), permits=permits)
            options = Options(manner=MANNER, contact="t", timing=TIMING, budget=budget or Budget())
            target = parse_target(f"dicom://127.0.0.1:{port}")
            [result] = await assess_all([target], Gate(scope), options, lambda: datetime.now(UTC), lambda _: None)
            return result

    return finish(run())


def exposure_of(result: TargetResult) -> Exposure:
    """What is given away, of which no value is shown anywhere."""
    assert result.exposure is not None
    shown = repr(result) + msgspec.json.encode(result).decode()
    assert "anaryname" not in shown
    assert "CANARY" not in shown
    return result.exposure


def kinds_of(result: TargetResult) -> Kinds:
    """The kinds that were found."""
    found = exposure_of(result).kinds
    assert found is not None, exposure_of(result).limits
    return found


def having(kinds: Kinds) -> dict[DataKind, int]:
    """Each kind that any record had."""
    return {share.kind: share.records for share in kinds.shares if share.records}


@pytest.mark.parametrize("kind", [Lists, Named])
def test_20_records_and_no_more(kind: type[Named]) -> None:
    """By a list of UIDs or, where no list is understood, one by one."""
    server, without = kind(studies=HELD), kind(studies=HELD)
    result, plain = asked_with(server, ALL_PERMISSIONS), asked_with(without, WITHOUT)
    kinds = kinds_of(result)
    assert (kinds.records, kinds.confidence) == (20, 0.95)
    assert having(kinds) == {DataKind.NAME: 20, DataKind.PATIENT_ID: 20, DataKind.TELEPHONE: 20}
    assert result.cost.records_received - plain.cost.records_received == 20
    assert len(server.by_uid()) == (2 if kind is Lists else 21)
    assert dimse(result).records_received == result.cost.records_received
    told = [query for query in dimse(result).facts.dimse.queries if "kinds" in query.keys]  # type: ignore[union-attr]
    assert sum(query.records for query in told) == 20


def test_they_are_of_many_days() -> None:
    server = Named(studies=HELD)
    asked_with(server, ALL_PERMISSIONS)
    asked = {uid for wanted in server.by_uid() for uid in wanted[tags.STUDY_INSTANCE_UID].split("\\")}
    assert len(asked) == 20
    assert len({study.day for study in HELD if study.uid in asked}) > 5


def test_nothing_is_asked_without_permission_and_that_is_told() -> None:
    server = Named(studies=HELD)
    result = asked_with(server, WITHOUT)
    assert exposure_of(result).kinds is None
    assert not server.by_uid()
    assert any("sample-kinds" in words for words in result.not_asked)
    assert not any("kinds" in limit for limit in exposure_of(result).limits)
    assert not any("sample-kinds" in words for words in asked_with(Named(studies=HELD), ALL_PERMISSIONS).not_asked)


def test_nothing_is_asked_where_nothing_is_counted() -> None:
    server = Named(studies=HELD)
    assessed(server, measure=False)
    assert not server.by_uid()


def test_where_there_are_few_all_are_looked_at_and_the_share_is_exact() -> None:
    kinds = kinds_of(asked_with(Named(studies=HELD[:3]), ALL_PERMISSIONS))
    assert (kinds.records, kinds.confidence) == (3, 1.0)
    assert all(share.low == share.share == share.high for share in kinds.shares)


class Deaf(Named):
    """Gives everything whatever UID it is asked for."""

    def matching(self, wanted: Values, level: str) -> list[Values]:
        """All."""
        return super().matching({**wanted, tags.STUDY_INSTANCE_UID: ""}, level)


def test_a_server_that_ignores_uids_is_asked_once() -> None:
    server = Deaf(studies=HELD)
    result = asked_with(server, ALL_PERMISSIONS)
    assert len(server.by_uid()) == 1
    exposure = exposure_of(result)
    assert (exposure.kinds is None) == any("kinds of data could not" in limit for limit in exposure.limits)
    assert exposure.kinds is None or exposure.kinds.records == 1


class Wild(Named):
    """Calls its studies and its patients whatever there is."""

    told: Mapping[int, str] = MappingProxyType({**Named.told, tags.STUDY_INSTANCE_UID: "*"})

    def matching(self, wanted: Values, level: str) -> list[Values]:
        """Under a name that means all."""
        return [{**values, **self.told} for values in super().matching(wanted, level)]


@pytest.mark.parametrize("uid", ["*", "1.2\\1.3", "1.2?", "", "1" * 70, "CANARY"])
def test_a_uid_that_is_none_is_never_asked_for(uid: str) -> None:
    server = Wild(studies=HELD)
    server.told = {**Named.told, tags.STUDY_INSTANCE_UID: uid}
    asked_with(server, ALL_PERMISSIONS)
    assert not server.by_uid()


class Unsaid(Named):
    """Does not say of what its studies are made; their series do."""

    told: Mapping[int, str] = MappingProxyType({tags.PATIENT_NAME: NAME})

    def matching(self, wanted: Values, level: str) -> list[Values]:
        """Every series is a report."""
        return [{**values, tags.MODALITY: "SR"} for values in super().matching(wanted, level)]


def test_series_are_asked_where_studies_do_not_say_of_what_they_are_made() -> None:
    server, without = Unsaid(studies=HELD), Unsaid(studies=HELD)
    result, plain = asked_with(server, ALL_PERMISSIONS), asked_with(without, WITHOUT)
    kinds = kinds_of(result)
    assert (kinds.records, having(kinds)[DataKind.NAME]) == (10, 10)
    assert kinds.documents[DocumentKind.STRUCTURED_REPORT] is Presence.PRESENT
    assert result.cost.records_received - plain.cost.records_received == 20
    assert {wanted[tags.QUERY_RETRIEVE_LEVEL] for wanted in server.finds} >= {SERIES}


@pytest.mark.parametrize("left", [0, 1, 7])
def test_the_budget_of_records_holds(left: int) -> None:
    spent = asked_with(Named(studies=HELD), WITHOUT).cost.records_received
    result = asked_with(Named(studies=HELD), ALL_PERMISSIONS, Budget(max_records=spent + left))
    exposure = exposure_of(result)
    assert result.cost.records_received <= spent + left + 1
    if left:
        assert kinds_of(result).records == left
    else:
        assert exposure.kinds is None
        assert any("kinds of data could not be looked at: our own budget" in limit for limit in exposure.limits)


class Patients(Named):
    """Answers at PATIENT level only."""

    def matching(self, wanted: Values, level: str) -> list[Values]:
        """Nothing of a study."""
        return super().matching(wanted, level) if level == PATIENT else []


def test_patients_are_looked_at_where_nothing_else_is_answered() -> None:
    kinds = kinds_of(asked_with(Patients(studies=HELD), ALL_PERMISSIONS))
    assert kinds.records == 20
    assert having(kinds) == {DataKind.NAME: 20, DataKind.PATIENT_ID: 20, DataKind.TELEPHONE: 20}
    assert DataKind.DIAGNOSIS not in {share.kind for share in kinds.shares}


def test_a_patient_id_that_means_many_is_never_asked_for() -> None:
    server = Patients(studies=tuple(Study(f"1.2.{n}", f"{n}*") for n in range(30)))
    asked_with(server, ALL_PERMISSIONS)
    assert not server.by_uid()


def test_a_worklist_is_looked_at_by_its_patients() -> None:
    server = Named(studies=HELD, titles={"ANY-SCP": Doors(find=False, worklist=True)})
    result = asked_with(server, ALL_PERMISSIONS)
    exposure = dimse(result, SurfaceKind.WORKLIST).exposure
    assert exposure is not None
    assert exposure.kinds is not None
    assert having(exposure.kinds)[DataKind.NAME] == exposure.kinds.records == 20
    asked = server.by_uid()
    assert all(wanted[tags.PATIENT_ID] for wanted in asked)


def test_no_more_than_20_items_of_one_patient_are_looked_at() -> None:
    """However many the server sends before it hears that it is enough."""
    many = tuple(Study(f"1.2.{n}", "ONE", day=f"2019{1 + n // 28:02}{1 + n % 28:02}") for n in range(60))
    server = Named(studies=many, titles={"ANY-SCP": Doors(find=False, worklist=True)})
    exposure = dimse(asked_with(server, ALL_PERMISSIONS), SurfaceKind.WORKLIST).exposure
    assert exposure is not None
    assert exposure.kinds is not None
    assert exposure.kinds.records == 20


LAB = Archive(ArchiveSpec(seed=5, studies=400, patients=150, images=9_000))


def lab(habits: Habits, permits: tuple[Permission, ...] = ALL_PERMISSIONS) -> TargetResult:
    """The result for a server of the lab."""

    async def run() -> TargetResult:
        async with serving(LAB, OPEN, habits=habits) as port:
            scope = Scope(authority="t", contact="t", targets=("127.0.0.1",), opt_out=(), permits=permits)
            # Without a look at its size, which brings as many records as chance has it.
            options = Options(manner=MANNER, contact="t", timing=TIMING, wish=None)
            target = parse_target(f"dicom://127.0.0.1:{port}")
            [result] = await assess_all([target], Gate(scope), options, lambda: datetime.now(UTC), lambda _: None)
            return result

    return asyncio.run(run())


@pytest.mark.parametrize("strict", [False, True])
def test_the_labs_server_shows_its_kinds(strict: bool) -> None:
    """One that ends the association over a key that it does not know is asked for what all know."""
    habits = Habits(aborts_on_unknown_keys=strict)
    result = lab(habits)
    kinds = kinds_of(result)
    assert kinds.records == 20
    assert having(kinds)[DataKind.NAME] == 20
    assert having(kinds)[DataKind.PROCEDURE] > 0
    assert (DataKind.ADDRESS in {share.kind for share in kinds.shares}) is not strict
    assert (having(kinds).get(DataKind.INSTITUTION) == 20) is not strict
    assert result.cost.records_received - lab(habits, WITHOUT).cost.records_received == 20


def test_values_of_any_bytes_end_in_no_bug_of_ours() -> None:
    class Odd(Lists):
        """Tells what makes no sense."""

        told: Mapping[int, str] = MappingProxyType(
            {
                tags.PATIENT_NAME: "\x00\x1b[31m^^==\\\\",
                tags.PATIENT_BIRTH_DATE: "99999999",
                tags.OTHER_PATIENT_IDS: "9" * 5_000,
                tags.MODALITIES_IN_STUDY: "\\\\\\",
                tags.NUMBER_OF_STUDY_RELATED_SERIES: "-9" * 50,
            }
        )

    result = asked_with(Odd(studies=HELD), ALL_PERMISSIONS)
    assert not any("bug" in limit for limit in exposure_of(result).limits)
    assert DataKind.BIRTH_DATE not in having(kinds_of(result))
