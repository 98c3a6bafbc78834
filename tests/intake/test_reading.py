"""Outputs of other tools are read as they are: real ones of masscan 1.3.2, ZMap 2.1.1 and nmap 7.93.

They were made over a pair of virtual network devices, since the first two find nothing on loopback. Exports of Shodan
and Censys cannot be made here: their lines follow what their documentation shows.
"""

import gzip
from pathlib import Path

import pytest

from leadglass.survey.intake.found import Broken, Found, IntakeError
from leadglass.survey.intake.reading import Form, read_found, recognised

REAL = Path(__file__).with_name("real")
FIVE, SEVENTY_SEVEN, TWO_HUNDRED = "10.78.0.5", "10.78.0.77", "10.78.0.200"


def pairs(path: Path, form: Form | None = None, port: int | None = None) -> set[tuple[str, int]]:
    """What a file says listens; nothing in it is broken."""
    answers = list(read_found(path, form, port))
    assert not [one for one in answers if isinstance(one, Broken)]
    return {(one.host, one.port) for one in answers if isinstance(one, Found)}


@pytest.mark.parametrize(
    ("name", "port", "expected"),
    [
        ("masscan.json", None, {(TWO_HUNDRED, 104), (FIVE, 11112)}),
        ("masscan.list", None, {(TWO_HUNDRED, 104), (FIVE, 11112), (SEVENTY_SEVEN, 11112), (FIVE, 104)}),
        ("zmap.csv", 11112, {(FIVE, 11112), (SEVENTY_SEVEN, 11112)}),
        ("zmap-fields.csv", None, {(FIVE, 104), (TWO_HUNDRED, 104)}),
        ("zmap.json", None, {(FIVE, 104), (TWO_HUNDRED, 104)}),
        ("nmap.xml", None, {(FIVE, 104), (FIVE, 11112), (SEVENTY_SEVEN, 11112)}),
    ],
)
def test_real_outputs(name: str, port: int | None, expected: set[tuple[str, int]], tmp_path: Path) -> None:
    form = Form.ZMAP if name == "zmap.csv" else None
    assert pairs(REAL / name, form, port) == expected
    packed = tmp_path / f"{name}.gz"
    packed.write_bytes(gzip.compress((REAL / name).read_bytes()))
    assert pairs(packed, form, port) == expected


def said(tmp_path: Path, text: str | bytes, form: Form | None = None, port: int | None = None) -> list[Found | Broken]:
    """What a file with this text gives."""
    path = tmp_path / "file"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(read_found(path, form, port))


def test_shodan_and_censys(tmp_path: Path) -> None:
    shodan = '{"ip_str": "192.0.2.1", "port": 104, "data": "x"}\n{"ip_str": "2001:db8::1", "port": 11112}\n'
    assert [(one.host, one.port) for one in said(tmp_path, shodan) if isinstance(one, Found)] == [
        ("192.0.2.1", 104),
        ("2001:db8::1", 11112),
    ]
    censys = '{"ip": "192.0.2.1", "services": [{"port": 104}, {"port": 80}]}\n{"ip": "192.0.2.2", "port": 104}\n'
    assert [(one.host, one.port) for one in said(tmp_path, censys) if isinstance(one, Found)] == [
        ("192.0.2.1", 104),
        ("192.0.2.1", 80),
        ("192.0.2.2", 104),
    ]


def test_what_shodan_and_censys_met_over_udp_is_no_port_of_ours(tmp_path: Path) -> None:
    shodan = (
        '{"ip_str": "192.0.2.1", "port": 161, "transport": "udp"}\n'
        '{"ip_str": "192.0.2.1", "port": 104, "transport": "tcp"}\n'
    )
    assert said(tmp_path, shodan) == [Found(line=2, host="192.0.2.1", port=104)]
    censys = (
        '{"ip": "192.0.2.1", "services": [{"port": 53, "transport_protocol": "UDP"},'
        ' {"port": 104, "transport_protocol": "TCP"}, {"port": 443, "transport_protocol": "QUIC"}]}\n'
        '{"ip": "192.0.2.2", "port": 104, "transport_protocol": "UDP"}\n'
    )
    assert said(tmp_path, censys) == [Found(line=1, host="192.0.2.1", port=104)]


def test_a_list(tmp_path: Path) -> None:
    text = "# ours\n192.0.2.1:104\n[2001:db8::1]:11112  # a comment\npacs.example:4242\n192.0.2.7\n"
    assert said(tmp_path, text, port=104) == [
        Found(line=2, host="192.0.2.1", port=104),
        Found(line=3, host="2001:db8::1", port=11112),
        Found(line=4, host="pacs.example", port=4242),
        Found(line=5, host="192.0.2.7", port=104),
    ]


def test_a_list_may_begin_with_an_ipv6_address(tmp_path: Path) -> None:
    assert said(tmp_path, "[2001:db8::1]:104\n") == [Found(line=1, host="2001:db8::1", port=104)]


@pytest.mark.parametrize(
    ("form", "line"),
    [
        (Form.LIST, "192.0.2.1:0"),
        (Form.LIST, "192.0.2.999:104"),
        (Form.LIST, "192.0.2.1"),
        (Form.MASSCAN_LIST, "open tcp x 192.0.2.1 1"),
        (Form.MASSCAN_LIST, "what"),
        (Form.MASSCAN_JSON, '{"ip": "192.0.2.1"}'),
        (Form.MASSCAN_JSON, '{"ip": 5, "ports": [{"port": 104}]}'),
        (Form.ZMAP, '{"saddr": "192.0.2.1", "sport": 70000}'),
        (Form.SHODAN, '{"ip_str": "192.0.2.1"}'),
        (Form.SHODAN, "[" * 100_000),
        (Form.CENSYS, '{"ip": "192.0.2.1", "port": true}'),
        (Form.CENSYS, '{"ip": "\\u001b[31m", "port": 104}'),
    ],
)
def test_a_broken_line_is_told_with_its_number_and_skipped(tmp_path: Path, form: Form, line: str) -> None:
    good = {
        Form.LIST: "192.0.2.9:104",
        Form.MASSCAN_LIST: "open tcp 104 192.0.2.9 1",
        Form.MASSCAN_JSON: '{"ip": "192.0.2.9", "ports": [{"port": 104}]}',
        Form.ZMAP: '{"saddr": "192.0.2.9", "sport": 104}',
        Form.SHODAN: '{"ip_str": "192.0.2.9", "port": 104}',
        Form.CENSYS: '{"ip": "192.0.2.9", "port": 104}',
    }[form]
    first, second = said(tmp_path, f"{line}\n{good}\n", form)
    assert isinstance(first, Broken)
    assert first.line == 1
    assert first.detail.isprintable()
    assert second == Found(line=2, host="192.0.2.9", port=104)


def test_a_line_without_end_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadglass.survey.intake.reading.MAX_LINE_BYTES", 100)
    first, second = said(tmp_path, "x" * 1000 + "\n192.0.2.9:104\n", Form.LIST)
    assert (first.line, second.line) == (1, 2)
    assert isinstance(first, Broken)


def test_zmap_without_a_port_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="--port"):
        said(tmp_path, "192.0.2.1\n", Form.ZMAP)

    with pytest.raises(IntakeError, match="--port"):
        said(tmp_path, "saddr,success\n192.0.2.1,1\n", Form.ZMAP)
    with pytest.raises(IntakeError, match="--port"):
        said(tmp_path, '{"saddr": "192.0.2.1"}\n', Form.ZMAP)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("192.0.2.2", "1 of the header's 3 columns"),
        ('192.0.2.2,"104,1', "quotation mark"),
        ('192.0.2.2,104",1', "no port"),
        ("192.0.2.2,104,", "success"),
        ("192.0.2.2,1,104,1", "4 of the header's 3 columns"),
        ('{"saddr": "192.0.2.2", "succ', "no record of ZMap"),
        ('{"saddr": "192.0.2.2", "success": 1}', "no sport"),
    ],
)
def test_a_broken_line_of_zmap_ends_nothing(tmp_path: Path, line: str, why: str) -> None:
    header = "" if line.startswith("{") else "saddr,sport,success\n"
    good = '{"saddr": "192.0.2.9", "sport": 104}' if line.startswith("{") else "192.0.2.9,104,1"
    before = f"{header}{good}\n"
    number = before.count("\n") + 1
    first, second, third = said(tmp_path, f"{before}{line}\n{good}\n", Form.ZMAP)
    assert isinstance(second, Broken)
    assert second.line == number
    assert why in second.detail
    assert (first, third) == (
        Found(line=number - 1, host="192.0.2.9", port=104),
        Found(line=number + 1, host="192.0.2.9", port=104),
    )


def test_outputs_of_zmap_that_were_put_together(tmp_path: Path) -> None:
    text = "saddr,sport\n192.0.2.1,104\nsport,saddr\n11112,192.0.2.2\n"
    assert [(one.host, one.port) for one in said(tmp_path, text) if isinstance(one, Found)] == [
        ("192.0.2.1", 104),
        ("192.0.2.2", 11112),
    ]


def test_xml_that_is_cut_or_hostile(tmp_path: Path) -> None:
    whole = (REAL / "nmap.xml").read_bytes()
    answers = said(tmp_path, whole[: whole.index(b"<times")])
    assert [type(one) for one in answers] == [Found, Found, Broken]
    bomb = '<?xml version="1.0"?><!DOCTYPE nmaprun [<!ENTITY a "aaaa">]><nmaprun>&a;</nmaprun>'
    with pytest.raises(IntakeError, match="entities"):
        said(tmp_path, bomb)
    with pytest.raises(IntakeError, match="not nmap's"):
        said(tmp_path, '<?xml version="1.0"?><html></html>')


def test_what_is_not_known_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="--form"):
        recognised(b'{"what": 1}')
    with pytest.raises(IntakeError, match="cannot be read"):
        list(read_found(tmp_path / "nowhere"))
