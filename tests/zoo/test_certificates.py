"""What a certificate says is read whatever it says, without a word from the library that reads it."""

import warnings

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from leadglass.lab.zoo.certificates import LONG_NAME, MANY_NAMES, certificate
from leadglass.lab.zoo.sites import ESCAPES
from leadglass.model.text import MAX_TEXT_LENGTH
from leadglass.probe.tls import MAX_NAMES, read_certificate


@pytest.mark.parametrize("word", ["A" * LONG_NAME, "", ESCAPES])
def test_an_absurd_subject_is_read_and_the_library_warns_nobody(word: str) -> None:
    der = certificate([word]).public_bytes(Encoding.DER)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        read = read_certificate(der)
    assert not told
    assert read.detail == ""
    assert read.subject is not None
    assert read.subject.startswith("CN=")
    assert len(read.subject) <= MAX_TEXT_LENGTH
    assert read.subject.isprintable()


def test_more_names_than_anybody_reads_are_cut() -> None:
    read = read_certificate(certificate(names=["a.example"] * MANY_NAMES).public_bytes(Encoding.DER))
    assert len(read.names) == MAX_NAMES
