"""A target that cannot be read is a result as any other, and the others go on."""

import json
from pathlib import Path
from typing import Any

import pytest

from leadglass.cli.exits import Exit, exit_code
from leadglass.model.words import Outcome, Severity, Status
from tests.cli.test_exit_codes import closed_port, result
from tests.cli.typed import typed


def told(*arguments: str) -> tuple[int, list[dict[str, Any]]]:
    """The exit code and the targets of the document."""
    ran = typed("check", *arguments, "--format", "json")
    return ran.code, json.loads(ran.out)["targets"]


def test_one_bad_line_or_argument_stops_no_other(tmp_path: Path) -> None:
    """In the order in which they were named, each with its place."""
    good = [f"dicom://127.0.0.1:{closed_port()}" for _ in range(2)]
    listed = tmp_path / "servers.txt"
    listed.write_text(f"# ours\n{good[0]}\t# a comment\n127.0.0.1:port#1 # another\n")
    code, targets = told("10.0.0.0/8", f"@{listed}", good[1])
    assert [target["target"] for target in targets] == ["10.0.0.0/8", good[0], "127.0.0.1:port#1", good[1]]
    unreadable, refused = "unreadable-target", "connection-refused"
    assert [target["status"] for target in targets] == [unreadable, refused, unreadable, refused]
    assert "of a network name each address" in targets[0]["detail"]
    assert targets[2]["detail"].startswith(f"{listed}, line 3: ")
    assert "1 to 65535" in targets[2]["detail"]
    assert code == Exit.NOT_REACHED


@pytest.mark.parametrize(
    ("outcome", "code"), [(Outcome.OK, Exit.UNDECIDED), (Outcome.VULNERABLE, Exit.OPEN), (None, Exit.NOT_REACHED)]
)
def test_an_unreadable_target_is_no_clean_bill(outcome: Outcome | None, code: Exit) -> None:
    reached = [result(Status.SUCCESS, (Severity.HIGH, outcome))] if outcome else []
    assert exit_code([*reached, result(Status.UNREADABLE_TARGET)], Severity.HIGH) is code


def test_the_terminal_says_it(tmp_path: Path) -> None:
    ran = typed("check", f"dicom://127.0.0.1:{closed_port()}", "127.0.0.1:port", "--no-color")
    assert "NOT ASKED" in ran.out
    assert "unreadable port" in " ".join(ran.out.split())


def test_a_dry_run_says_it_too(no_network: None) -> None:
    ran = typed("check", "127.0.0.1:104", "fe80::zz", "--dry-run")
    assert ran.code == 0
    assert "DIMSE on port 104" in ran.out
    assert "not asked, it cannot be read: 'fe80::zz' is not an IPv6 address" in " ".join(ran.out.split())


def test_nothing_readable_at_all_is_wrong_usage(tmp_path: Path, no_network: None) -> None:
    listed = tmp_path / "servers.txt"
    listed.write_text("127.0.0.1:port\nhost/path\n")
    ran = typed("check", f"@{listed}", "ftp://host")
    assert (ran.code, ran.out) == (Exit.USAGE, "")
    assert "line 1" in " ".join(ran.err.split())
    assert "2 more" in ran.err


def test_a_file_that_cannot_be_read_is_wrong_usage_even_beside_a_good_target(no_network: None) -> None:
    assert typed("check", "127.0.0.1", "@/nowhere/targets").code == Exit.USAGE


@pytest.mark.parametrize(
    "typo", ["http://user:secret@host", "ftp://user:secret@host", "http://user:secret@host:99999", "user:sec ret@h:1:2"]
)
def test_a_login_is_never_repeated(typo: str) -> None:
    """Neither as the target nor in the words about it."""
    port = closed_port()
    for form in ("json", "terminal"):
        ran = typed("check", f"dicom://127.0.0.1:{port}", typo, "--format", form)
        assert "secret" not in ran.out + ran.err
        assert "sec ret" not in ran.out + ran.err
    assert "secret" not in typed("check", typo).err


def test_an_ae_title_is_no_login() -> None:
    _, targets = told(f"dicom://127.0.0.1:{closed_port()}", "dicom://ITSAET@host:99999")
    assert targets[1]["target"] == "dicom://ITSAET@host:99999"


@pytest.mark.parametrize("address", ["fd00::443", "fd00::1:2", "[fd00::1:104]", "::1"])
def test_an_address_that_can_only_be_one_is_not_taken_for_one_with_a_port(address: str, no_network: None) -> None:
    assert typed("check", address, "--dry-run").code == 0
