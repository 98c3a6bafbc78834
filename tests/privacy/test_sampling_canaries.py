"""A sample looks at thousands of identifiers by their ends: none of them is shown, whatever happens."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from leadglass.lab.archive import Archive, Rows
from leadglass.lab.spec import ArchiveSpec
from leadglass.wire import tags
from tests.lab.served import served
from tests.peers.running import Ran, leadglass
from tests.privacy.searching import MIN_LENGTH, found, found_in_files
from tests.privacy.test_canaries import FORMATS, SCRIPT

SPEC = ArchiveSpec(seed=7, studies=60_013, patients=20_690, images=1_800_000)
_WORD = re.compile(r"[A-Za-z0-9./-]+")
LOUD = ("--log-level", "debug", "--verbose")


@pytest.fixture(scope="module")
def canaries() -> frozenset[str]:
    """Every patient ID, accession number and study UID."""
    archive = Archive(SPEC)
    fields, studies = archive.fields, Rows(archive.columns.patient.astype(np.int64), np.arange(SPEC.studies))
    values = [
        *fields.text(tags.PATIENT_ID, Rows(np.arange(SPEC.patients))).strings(),
        *fields.text(tags.ACCESSION_NUMBER, studies).strings(),
        *fields.text(tags.STUDY_INSTANCE_UID, studies).strings(),
    ]
    return frozenset(value for value in values if len(value) >= MIN_LENGTH)


@pytest.fixture(scope="module")
def target() -> Iterator[str]:
    """A server of the lab that is measured by a sample."""
    with served(Archive(SPEC)) as port:
        yield f"dicom://127.0.0.1:{port}"


def assert_nothing_is_shown(ran: Ran, home: Path, canaries: frozenset[str]) -> None:
    """Neither on an output nor in a file: each of all values as it is, and some hundreds in every dress."""
    some = sorted(canaries)[:: len(canaries) // 300]
    assert not words(ran) & canaries
    assert not found((ran.out + ran.err).encode("utf-8"), some)
    assert not found_in_files(home, some)


def words(ran: Ran) -> set[str]:
    """What an output says, cut wherever no identifier goes on."""
    return set(_WORD.findall(ran.out + ran.err))


@pytest.mark.parametrize("form", FORMATS)
def test_a_sample_shows_no_value(target: str, canaries: frozenset[str], tmp_path: Path, form: str) -> None:
    ran = leadglass("check", target, "--format", form, *LOUD, home=tmp_path)
    assert ran.code == 1, ran.err
    assert {"terminal": "about", "html": "about", "json": '"estimate"'}[form] in ran.out
    assert_nothing_is_shown(ran, tmp_path, canaries)


def test_a_crash_within_a_sample_shows_no_value(target: str, canaries: frozenset[str], tmp_path: Path) -> None:
    ran = leadglass("sampled", "check", target, *LOUD, home=tmp_path, program=SCRIPT)
    assert "RuntimeError" in ran.out + ran.err
    assert_nothing_is_shown(ran, tmp_path, canaries)


def test_a_leak_is_found(target: str, canaries: frozenset[str], tmp_path: Path) -> None:
    """Or the tests above would show nothing."""
    ran = leadglass("leak", "check", target, *LOUD, home=tmp_path, program=SCRIPT)
    assert words(ran) & canaries
