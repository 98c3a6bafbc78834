"""A name is one thing to every resolver: what some would read as an address is refused, and names stay names."""

import pytest

from leadglass.model.target import TargetError, parse_target

# 127.0.0.1, 0.0.0.1 and their like, as inet_aton and the WHATWG URL standard read them.
NUMBERS = (
    "1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0X7F000001",
    "0x7f.1",
    "0x7f.0.0.0x1",
    "0177.0.0.1",
    "017700000001",
    "127.0.0.01",
    "127.0.0.1.",
    "127.0.0.0x",
    "0x",
    "foo.1",
    "foo.1.",
    "pacs.example.0x7f",
    "pacs.example.0X7F",
    "pacs.example.017",
    "999.1.1.1",
    "1.2.3.4.5",
    "\uff11\uff12\uff17.1",  # full-width digits, which IDNA turns into plain ones
    "0\uff587f.1",
    "127\u30020\u30020\u30021",  # ideographic full stops
)
NAMES = (
    "pacs1",
    "pacs.example",
    "1.example.org",
    "0xbeef.example",
    "127.0.0.1.example.org",
    "pacs.0xbeefg",
    "1a",
    "x1.2x",
    "0x7f-1",
    "xn--hst-sna.example",
)


@pytest.mark.parametrize("form", ["{}", "{}:104", "dicom://AET@{}:104", "dicoms://{}", "http://{}/", "https://{}:8443"])
@pytest.mark.parametrize("host", NUMBERS)
def test_a_name_that_some_read_as_an_address_is_refused(host: str, form: str) -> None:
    with pytest.raises(TargetError, match="write the address in full"):
        parse_target(form.format(host))


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("MY%20PACS", "MY PACS"),
        ("A%3AB", "A:B"),
        ("PACS%231", "PACS#1"),
        ("A%40B", "A@B"),
        ("100%", "100%"),
        ("A", "A"),
    ],
)
@pytest.mark.parametrize("scheme", ["dicom", "dicoms"])
def test_an_ae_title_may_have_what_a_url_may_not(typed: str, title: str, scheme: str) -> None:
    target = parse_target(f"{scheme}://{typed}@pacs.example:104")
    assert (target.called_ae_title, target.host, target.port) == (title, "pacs.example", 104)


@pytest.mark.parametrize("wrong", ["A%0AB", "A%5CB", "%20", "A%C3%A4", "MUCHTOOLONGATITLE%20"])
def test_an_ae_title_is_judged_as_it_would_be_sent(wrong: str) -> None:
    with pytest.raises(TargetError, match="not an AE title"):
        parse_target(f"dicom://{wrong}@pacs.example")


def test_a_colon_in_an_ae_title_says_how_it_is_written() -> None:
    with pytest.raises(TargetError, match="a colon is %3A") as raised:
        parse_target("dicom://SOMEONE:SECRET@pacs.example")
    assert "SECRET" not in str(raised.value)


@pytest.mark.parametrize("form", ["{}", "{}:104", "dicom://AET@{}:104", "https://{}:8443"])
@pytest.mark.parametrize("host", NAMES)
def test_a_name_is_a_name(host: str, form: str) -> None:
    target = parse_target(form.format(host))
    assert (target.host, target.address) == (host, None)
    assert parse_target(form.format(host.upper())).host == host


@pytest.mark.parametrize("host", ["127.0.0.1", "192.0.2.1", "0.0.0.1"])
def test_a_whole_address_is_an_address(host: str) -> None:
    assert str(parse_target(f"{host}:104").address) == host


@pytest.mark.parametrize("host", ["10.0.0.1-20", "10.0.0-3.1", "10.0.0.1-10.0.0.20"])
def test_a_range_of_addresses_is_no_name(host: str) -> None:
    """As an exclusion it would exclude nobody."""
    with pytest.raises(TargetError, match=r"range of addresses|write the address in full"):
        parse_target(host)
