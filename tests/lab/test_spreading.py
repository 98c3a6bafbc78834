"""Whatever is divided adds up, to the last image, and one seed divides it the same way everywhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadglass.lab.placing import place
from leadglass.lab.population import Group, Holdings, Identity, Population
from leadglass.lab.spec import MAX_STUDIES_A_PATIENT
from leadglass.lab.spreading import bounded_shares, dealt, heavy_tail, number, order, shares

WEIGHTS = st.lists(st.integers(0, 10**12), min_size=1, max_size=60)


def test_a_number_is_the_same_on_every_machine() -> None:
    """Written down once: it is no hash of Python's, which differs from run to run."""
    assert number(7, "a", 3) == 12295701982233866151
    assert order(6, 7, "a") == [2, 5, 4, 1, 3, 0]


@given(st.integers(0, 10**14), WEIGHTS)
def test_shares_add_up_and_are_near_to_their_weights(total: int, weights: list[int]) -> None:
    parts = shares(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    if whole:
        assert all(abs(part * whole - total * weight) < whole for part, weight in zip(parts, weights, strict=True))


@given(WEIGHTS, st.data())
def test_bounded_shares_add_up_within_their_bounds(weights: list[int], data: st.DataObject) -> None:
    most = data.draw(st.lists(st.integers(0, 1000), min_size=len(weights), max_size=len(weights)))
    total = data.draw(st.integers(0, sum(most)))
    parts = bounded_shares(total, weights, most)
    assert sum(parts) == total
    assert all(0 <= part <= bound for part, bound in zip(parts, most, strict=True))


def test_what_cannot_be_divided_is_refused() -> None:
    with pytest.raises(ValueError, match="among none"):
        shares(1, [])
    with pytest.raises(ValueError, match="more than all places"):
        bounded_shares(3, [1, 1], [1, 1])


def test_a_heavy_tail_has_few_large_ones() -> None:
    parts = sorted(shares(1_000_000, heavy_tail(100, "x")), reverse=True)
    assert parts[0] > 150_000
    assert sum(parts[:10]) > sum(parts[10:])
    assert parts[-1] > 1000


def test_names_are_dealt_by_weight_and_none_is_forgotten() -> None:
    assert sorted(dealt({"A": 3, "B": 2}, 5, 1)) == ["A", "A", "A", "B", "B"]
    assert sorted(dealt({"A": 1000, "B": 1, "C": 1}, 10, 1)) == [*"AAAAAAAA", "B", "C"]
    assert dealt({"A": 5, "B": 5}, 40, 1) != dealt({"A": 5, "B": 5}, 40, 2)


@given(
    servers=st.integers(1, 40),
    seed=st.integers(0, 2**64),
    more=st.integers(0, 10**7),
    a_study=st.integers(0, 400),
    loyalty=st.integers(0, 100),
    undated=st.integers(0, 100),
    migrated=st.integers(0, 100),
)
def test_the_archives_of_a_group_hold_exactly_what_the_group_holds(
    servers: int, seed: int, more: int, a_study: int, loyalty: int, undated: int, migrated: int
) -> None:
    """And each is one that can be: an image a study, 1 to 40 studies a patient."""
    studies = servers + more
    fewest = min(studies, studies // MAX_STUDIES_A_PATIENT + servers)
    held = Holdings(
        studies=studies,
        patients=fewest + (studies - fewest) * loyalty // 100,
        images=studies * (1 + a_study),
        undated=studies * undated // 100,
        migrated=(studies - studies * undated // 100) * migrated // 100,
    )
    archives = [server.archive for server in place(_population(servers, seed, held)).servers]
    for name in ("studies", "patients", "images", "undated", "migrated"):
        assert sum(getattr(archive, name) for archive in archives) == getattr(held, name), name
    for archive in archives:
        assert 1 <= archive.patients <= archive.studies <= archive.images
        assert archive.studies <= archive.patients * MAX_STUDIES_A_PATIENT
        assert archive.undated + archive.migrated <= archive.studies


def _population(servers: int, seed: int, held: Holdings) -> Population:
    group = Group(
        name="group",
        servers=servers,
        countries={"DE": 1},
        owners={"Practice": 1},
        identities={Identity(product="Orthanc", class_uid="1", version_name="2"): 1},
        holdings=held,
    )
    return Population(name="x", title="x", seed=seed, network="127.91.0.0/24", groups=(group,))
