"""The gate: a public address needs a scope, the scope holds what it lists, and who opted out is never touched."""

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime
from ipaddress import ip_address

import msgspec
import pytest

from leadglass.model.assessment import TargetResult
from leadglass.model.scope import ALL_PERMISSIONS, Budget, Scope, Timing
from leadglass.model.target import parse_target
from leadglass.model.text import clean
from leadglass.model.words import Permission, Status, Step, Vantage
from leadglass.net.errors import StepFailed
from leadglass.net.gate import Gate
from leadglass.net.host import open_host
from leadglass.probe.manner import Manner
from leadglass.survey.options import Options
from leadglass.survey.run import assess_all

CONNECT = (Permission.CONNECT,)


def scope(*targets: str, opt_out: tuple[str, ...] = (), exclusions: tuple[str, ...] = ()) -> Scope:
    """A scope that permits a connection."""
    return Scope(authority="a", contact="c", targets=targets, opt_out=opt_out, exclusions=exclusions, permits=CONNECT)


def refused(gate: Gate, host: str, address: str | None = None) -> str:
    """The words of a refusal."""
    with pytest.raises(StepFailed) as caught:
        gate.admit(host, ip_address(address or host))
    assert (caught.value.status, caught.value.step) == (Status.OUT_OF_SCOPE, Step.SCOPE)
    return caught.value.detail


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.1.1", "::1", "::ffff:192.168.1.1"])
def test_our_own_networks_need_no_file_and_permit_everything(address: str) -> None:
    grant = Gate(None).admit(address, ip_address(address))
    assert grant.permits == ALL_PERMISSIONS
    assert grant.vantage is not Vantage.PUBLIC


@pytest.mark.parametrize("address", ["8.8.8.8", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1", "2a00::1"])
def test_a_public_address_needs_a_file_and_is_told_how(address: str) -> None:
    words = refused(Gate(None), address)
    assert "--scope FILE" in words
    assert "leadglass scope -o scope.toml" in words
    assert clean(words, len(words)) == words, "what is to be typed reaches the reader whole"


def test_the_scope_admits_what_it_lists_and_nothing_else() -> None:
    gate = Gate(scope("198.51.100.0/24", "pacs.example", "2a00::/32"))
    for host, address in (("198.51.100.7",) * 2, ("PACS.example.", "203.0.113.5"), ("2a00::5",) * 2):
        assert gate.admit(host, ip_address(address)).permits == CONNECT
    assert "not among the targets" in refused(gate, "203.0.113.5")
    assert "not among the targets" in refused(gate, "other.example", "203.0.113.5")


def test_a_hundred_thousand_addresses_hold_beside_networks_and_names() -> None:
    """Walking them for each address would take minutes here; sorted, it takes a moment."""
    many = [f"100.{n >> 16}.{n >> 8 & 255}.{n & 255}" for n in range(0, 200_000, 2)]
    gate = Gate(scope(*many, "198.51.100.0/24", "2a00::/32", "pacs.example", opt_out=(many[7], "198.51.100.128/25")))
    for number in range(0, 20_000, 2):
        text = many[number]
        assert gate.admit(text, ip_address(text)).permits == CONNECT
        assert "not among" in refused(gate, str(ip_address(text) + 1))
    assert gate.admit("::ffff:100.0.0.2", ip_address("::ffff:100.0.0.2")).permits == CONNECT
    assert gate.admit("198.51.100.127", ip_address("198.51.100.127")).permits == CONNECT
    for address in (many[7], f"::ffff:{many[7]}", "198.51.100.128"):
        assert "never touched" in refused(gate, address)


def test_a_scope_narrows_loopback_too() -> None:
    assert Gate(scope("127.0.0.1")).admit("127.0.0.1", ip_address("127.0.0.1")).permits == CONNECT
    assert "not among the targets" in refused(Gate(scope("198.51.100.7")), "127.0.0.1")


@pytest.mark.parametrize("never", ["198.51.100.7", "198.51.100.0/28", "::ffff:198.51.100.0/120", "64:ff9b::c633:6407"])
@pytest.mark.parametrize("address", ["198.51.100.7", "::ffff:198.51.100.7", "64:ff9b::c633:6407", "2002:c633:6407::1"])
def test_who_opted_out_is_never_touched_in_any_envelope(never: str, address: str) -> None:
    """Even where the targets list that very address."""
    for excluded in (
        scope("198.51.100.0/24", address, opt_out=(never,)),
        scope("198.51.100.0/24", address, exclusions=(never,)),
    ):
        assert "never touched" in refused(Gate(excluded), address)


def test_a_network_of_envelopes_holds_for_the_addresses_in_it() -> None:
    """A 6to4 network leads to no IPv4 network of its own: it is compared as it stands."""
    gate = Gate(scope("2002:808:808::/48", "9.9.9.9", opt_out=("2002:909:909::/48",)))
    assert gate.admit("2002:808:808::1", ip_address("2002:808:808::1")).permits == CONNECT
    assert gate.admit("9.9.9.9", ip_address("9.9.9.9")).permits == CONNECT
    assert "not among" in refused(gate, "8.8.8.8")
    assert "never touched" in refused(gate, "2002:909:909::1")


def test_a_name_that_opted_out_is_not_touched_by_its_address_either_way() -> None:
    gate = Gate(scope("198.51.100.0/24", "pacs.example", opt_out=("pacs.example",)))
    assert "never touched" in refused(gate, "Pacs.Example.", "198.51.100.7")


@pytest.mark.parametrize("address", ["0.0.0.0", "224.0.0.1", "::", "ff02::1", "::ffff:0.0.0.0"])
def test_nobodys_address_is_refused_with_and_without_a_scope(address: str) -> None:
    for gate in (Gate(None), Gate(scope(address))):
        assert "nobody's address" in refused(gate, address)


def resolving(answers: list[str], dead: str | None = None) -> Callable[..., object]:
    """A resolver that gives these addresses for every name but one."""

    async def getaddrinfo(name: str, *_: object, **__: object) -> list[object]:
        if name == dead:
            raise OSError
        return [(0, 0, 0, "", (answer, 0)) for answer in answers]

    return getaddrinfo


def opened(answers: list[str], gate: Gate) -> list[str]:
    """The addresses that a name may be dialled at, when DNS answers this."""

    async def work() -> list[str]:
        loop = asyncio.get_running_loop()
        loop.getaddrinfo = resolving(answers)  # type: ignore[method-assign, assignment]
        host = await open_host("rebound.example", gate, Budget(), Timing())
        return [str(grant.address) for grant in host._grants]

    return asyncio.run(work())


def test_dns_answers_pass_the_gate_too() -> None:
    """A name that leads to a public address is as public as that; networks are not mixed."""
    assert opened(["10.0.0.5", "8.8.8.8"], Gate(None)) == ["10.0.0.5"]
    assert opened(["127.0.0.1", "10.0.0.5"], Gate(None)) == ["127.0.0.1"]
    with pytest.raises(StepFailed, match="public address"):
        opened(["8.8.8.8"], Gate(None))
    kept = Gate(scope("rebound.example", opt_out=("10.0.0.0/8",)))
    assert opened(["10.0.0.5", "203.0.113.4"], kept) == ["203.0.113.4"]


def test_a_name_with_very_many_addresses_is_not_walked() -> None:
    assert len(opened([f"10.0.0.{n}" for n in range(1, 100)], Gate(None))) == 4


def learnt(gate: Gate, answers: list[str], dead: str | None = None) -> Gate:
    """The gate once its names were resolved by a DNS that answers this."""

    async def work() -> None:
        loop = asyncio.get_running_loop()
        loop.getaddrinfo = resolving(answers, dead)  # type: ignore[method-assign, assignment]
        await gate.learn_addresses()

    asyncio.run(work())
    return gate


@pytest.mark.parametrize("field", ["opt_out", "exclusions"])
@pytest.mark.parametrize("answer", ["198.51.100.7", "::ffff:198.51.100.7"])
def test_a_name_that_opted_out_is_not_touched_by_its_addresses(field: str, answer: str) -> None:
    """Neither as an address, in whatever envelope, nor under another name."""
    listed = scope("198.51.100.0/24", "64:ff9b::/96", "alias.example")
    gate = learnt(Gate(msgspec.structs.replace(listed, **{field: ("pacs.example",)})), [answer, "2a00::7"])
    assert "never touched" in refused(gate, "198.51.100.7")
    assert "never touched" in refused(gate, "64:ff9b::c633:6407")
    assert "never touched" in refused(gate, "alias.example", "198.51.100.7")
    assert "never touched" in refused(gate, "alias.example", "2a00::7")
    assert gate.admit("198.51.100.8", ip_address("198.51.100.8")).permits == CONNECT


def test_a_name_that_does_not_resolve_is_told_and_holds_as_a_name(caplog: pytest.LogCaptureFixture) -> None:
    gate = Gate(scope("198.51.100.0/24", "gone.example", opt_out=("gone.example", "pacs.example")))
    learnt(gate, ["198.51.100.7"], dead="gone.example")
    [record] = caplog.records
    assert (record.levelname, "gone.example" in record.getMessage()) == ("WARNING", True)
    assert "pacs.example" not in record.getMessage()
    assert "never touched" in refused(gate, "gone.example", "198.51.100.9")
    assert "never touched" in refused(gate, "198.51.100.7")


def test_a_resolver_that_never_answers_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound is one for all names, however many there are."""
    monkeypatch.setattr("leadglass.net.gate.MAX_NAMES_WAIT_S", 0.01)
    gate = Gate(scope("198.51.100.0/24", opt_out=tuple(f"n{number}.example" for number in range(100))))

    async def never(*_: object, **__: object) -> None:
        await asyncio.Event().wait()

    async def work() -> None:
        asyncio.get_running_loop().getaddrinfo = never  # type: ignore[method-assign, assignment]
        async with asyncio.timeout(10):
            await gate.learn_addresses()

    asyncio.run(work())
    assert "never touched" in refused(gate, "n7.example", "198.51.100.7")


def test_names_are_resolved_before_the_first_target_is_asked() -> None:
    """A run over an address whose name opted out dials nothing."""
    gate = Gate(scope("127.0.0.0/8", opt_out=("localhost",)))
    target = parse_target("dicom://127.0.0.1:4242")

    async def work() -> TargetResult:
        options = Options(manner=Manner(today=date(2026, 11, 23)), contact="tests")
        [result] = await assess_all([target], gate, options, lambda: datetime.now(UTC), lambda _: None)
        return result

    result = asyncio.run(work())
    assert (result.status, result.cost.connections) == (Status.OUT_OF_SCOPE, 0)
