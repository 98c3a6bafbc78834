"""A population file is read whole, or refused with the group and key that is wrong and what is legal there."""

import re
from collections.abc import Callable
from ipaddress import IPv4Network

import msgspec

from leadglass.lab.archive.vocabulary import MODALITIES
from leadglass.lab.figures import Figure, Mark, Measure
from leadglass.lab.habits import Capping, Habits, Handing
from leadglass.lab.identities import IDENTITIES, why_unfit
from leadglass.lab.keys import MAX_NUMBER, PopulationError, Table, listed, shown
from leadglass.lab.placing import places
from leadglass.lab.population import Group, Holdings, Identity, Population
from leadglass.lab.posture import Door, Posture, Presence, Tls, WebKind, WebPosture
from leadglass.lab.spec import MAX_STUDIES_A_PATIENT
from leadglass.model.words import Vantage
from leadglass.net.networks import vantage_of
from leadglass.net.toml_places import TomlError, parse_toml

MAX_SERVERS = 1_000_000
_COUNTRY = re.compile(r"[A-Z]{2}")  # ISO 3166-1 alpha-2
_USED_BY_OTHERS = IPv4Network("127.0.0.0/16")
_IGNORABLE = ("StudyDate", "StudyTime", "ModalitiesInStudy")


def parse_population(text: str, where: str, find: Callable[[str], Population]) -> Population:
    """The population in `text`; `find` gives the world that `before` names. Raises PopulationError."""
    try:
        file = Table(parse_toml(text), where)
    except TomlError as error:
        raise PopulationError(f"{where}, {error}") from None
    before = find(file.text("before")) if file.has("before") else None
    groups = _changed(before, file) + _groups(file)
    names = [group.name for group in groups]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None or not names:
        raise file.wrong("there is no group" if twice is None else f"two groups are named {shown(twice)}")
    population = Population(
        name=file.text("name"),
        title=file.text("title"),
        seed=before.seed if before else file.integer("seed"),
        network=_network(file, before, sum(group.servers for group in groups)),
        groups=groups,
        figures=tuple(_figure(table) for table in file.tables("figures", "figure")),
        scattered=file.flag("scattered", before.scattered if before else True),
        silent_per_mille=file.integer("silent_per_mille", before.silent_per_mille if before else 0, most=1000),
        newer_probe=file.flag("newer_probe", True),
        before=before,
    )
    file.finish()
    return population


def _network(file: Table, before: Population | None, servers: int) -> str:
    text = before.network if before else file.text("network")
    try:
        network = IPv4Network(text)
    except ValueError:
        raise file.wrong(f"`network` is {shown(text)}, and must be a network such as 127.16.0.0/16") from None
    ends = (network.network_address, network.broadcast_address)
    if {vantage_of(end) for end in ends} - {Vantage.LOOPBACK, Vantage.PRIVATE}:
        raise file.wrong(f"`network` is {text}, and must lie in 127.0.0.0/8 or in a private network")
    if network.overlaps(_USED_BY_OTHERS):
        raise file.wrong(f"`network` is {text}, and {_USED_BY_OTHERS} is left to everything else on a machine")
    if servers > places(network):
        raise file.wrong(f"`network` is {text}, which is too small for {servers:,} servers")
    return text


def _identities(file: Table) -> dict[str, Identity]:
    """The known identities, and those that the file adds."""
    found = dict(IDENTITIES)
    for table in file.tables("identities", "identity"):
        identity = Identity(
            product=table.text("product"), class_uid=table.text("class_uid"), version_name=table.text("version_name")
        )
        why = why_unfit(identity, decoy=True)  # which product it may be told as depends on the group
        if why is not None:
            raise table.wrong(why)
        found[table.text("name")] = identity
        table.finish()
    return found


def _changed(before: Population | None, file: Table) -> tuple[Group, ...]:
    """The groups of the world before, each as it is now."""
    groups = {group.name: group for group in before.groups} if before else {}
    for table in file.tables("changes", "change"):
        name = table.text("group")
        if name not in groups:
            why = f"{shown(name)} is no group of the world before" if before else "there is no world before: name it"
            raise table.wrong(f"`group`: {why}")
        group = groups[name]
        presence = table.choice("presence", Presence, group.presence)
        dimse = _posture(table.table("dimse")) if table.has("dimse") else group.dimse
        groups[name] = msgspec.structs.replace(group, presence=presence, dimse=dimse)
        table.finish()
    return tuple(groups.values())


def _groups(file: Table) -> tuple[Group, ...]:
    """The groups that the file adds; `defaults` stand for what they leave out."""
    identities, defaults = _identities(file), file.table("defaults")
    return tuple(_group(table, identities) for table in file.tables("groups", "group", defaults))


def _group(table: Table, identities: dict[str, Identity]) -> Group:
    servers = table.integer("servers", 1, least=1, most=MAX_SERVERS)
    decoy = table.text("decoy") if table.has("decoy") else None
    group = Group(
        name=table.text("name"),
        servers=servers,
        countries=_countries(table),
        owners=table.weights("owners"),
        identities=_chosen(table, identities, decoy=decoy is not None),
        presence=table.choice("presence", Presence, Presence.LISTENS),
        dimse_port=table.port("dimse_port", 11112),
        dimse=_posture(table.table("dimse")),
        web_port=table.port("web_port", None),
        web=_web(table.table("web")) if table.has("web") else None,
        web_servers=table.integer("web_servers", most=servers) if table.has("web_servers") else None,
        holdings=_holdings(table.table("archive"), servers),
        habits=_habits(table.table("habits")),
        decoy=decoy,
        seen_only_by_newer=table.flag("seen_only_by_newer", False),
        same_page_ports=table.integers("same_page_ports", least=1, most=65_535),
    )
    if (group.web is None) != (group.web_port is None):
        raise table.wrong("`web_port` and `web` belong together: one of them is missing")
    ports = [port for port in (group.dimse_port, group.web_port, *group.same_page_ports) if port is not None]
    if len(set(ports)) < len(ports):
        raise table.wrong("one port stands there for two things")
    table.finish()
    return group


def _countries(table: Table) -> dict[str, int]:
    countries = table.weights("countries")
    for code in countries:
        if not _COUNTRY.fullmatch(code):
            raise table.wrong(f"`countries` has {shown(code)}, and must have codes of two capitals such as DE")
    return countries


def _chosen(table: Table, identities: dict[str, Identity], *, decoy: bool) -> dict[Identity, int]:
    weights = table.weights("identities")
    for name in weights:
        if name not in identities:
            raise table.wrong(f"`identities` has {shown(name)}. Legal are {listed(identities)}.")
        why = why_unfit(identities[name], decoy=decoy)
        if why is not None:
            raise table.wrong(f"`identities` has {shown(name)}: {why}; a group that only plays it has a `decoy`")
    return {identities[name]: weight for name, weight in weights.items()}


def _posture(table: Table) -> Posture:
    usual = Posture()
    posture = Posture(
        called_ae_title=table.title("called_ae_title"),
        calling_ae_title=table.title("calling_ae_title"),
        queries=table.choice("queries", Door, usual.queries),
        worklist=table.choice("worklist", Door, usual.worklist),
        images=table.choice("images", Door, usual.images),
        storing=table.flag("storing", usual.storing),
        tls=table.choice("tls", Tls, usual.tls),
        accepts_made_up=table.flag("accepts_made_up", usual.accepts_made_up),
    )
    table.finish()
    return posture


def _web(table: Table) -> WebPosture:
    web = WebPosture(
        kind=table.choice("kind", WebKind),
        login=table.flag("login", False),
        images=table.flag("images", True),
        tls=table.choice("tls", Tls, Tls.NONE),
    )
    table.finish()
    return web


def _holdings(table: Table, servers: int) -> Holdings:
    """The totals, which must be possible: a study for each server, an image for each study, patients in between."""
    usual = Holdings()
    studies, shared = table.integer("studies", 0), table.flag("shared", False)
    held = 1 if shared else servers
    if 0 < studies < held:
        raise table.wrong(f"`studies` is {studies:,}, and must be 0 or at least one for each of {servers:,} servers")
    fewest = min(studies, studies // MAX_STUDIES_A_PATIENT + held)
    undated = table.integer("undated", 0, most=studies)
    holdings = Holdings(
        studies=studies,
        patients=table.integer("patients", 0, least=fewest, most=studies),
        images=table.integer("images", 0, least=studies, most=MAX_NUMBER if studies else 0),
        undated=undated,
        migrated=table.integer("migrated", 0, most=studies - undated),
        last_day=table.day("last_day", usual.last_day),
        years=table.integer("years", usual.years, least=1, most=60),
        shared=shared,
    )
    table.finish()
    return holdings


def _habits(table: Table) -> Habits:
    ignores = table.texts("ignores")
    strange = next((key for key in ignores if key not in _IGNORABLE), None)
    if strange is not None:
        raise table.wrong(f"`ignores` has {shown(strange)}. Legal are {listed(_IGNORABLE)}.")
    lost = table.texts("lost_modalities")
    unknown = next((code for code in lost if code not in MODALITIES), None)
    if unknown is not None:
        raise table.wrong(f"`lost_modalities` has {shown(unknown)}. Legal are {listed(MODALITIES)}.")
    habits = Habits(
        limit=table.integer("limit", least=1) if table.has("limit") else None,
        capping=table.choice("capping", Capping, Capping.SUCCESS),
        ignores=ignores,
        wildcards=table.flag("wildcards", True),
        counts=table.flag("counts", True),
        patient_root_only=table.flag("patient_root_only", False),
        aborts_on_unknown_keys=table.flag("aborts_on_unknown_keys", False),
        computes_first=table.flag("computes_first", False),
        study_cost_s=table.seconds("study_cost_s"),
        match_cost_s=table.seconds("match_cost_s"),
        delay_s=table.seconds("delay_s"),
        drops_after=table.integer("drops_after", least=1) if table.has("drops_after") else None,
        handing=table.choice("handing", Handing) if table.has("handing") else None,
        lost_before=table.integer("lost_before", least=1900, most=2079) if table.has("lost_before") else None,
        lost_modalities=lost,
    )
    table.finish()
    return habits


def _figure(table: Table) -> Figure:
    figure = Figure(
        name=table.text("name"),
        value=table.integer("value"),
        mark=table.choice("mark", Mark),
        source=table.text("source"),
        measure=table.choice("measure", Measure),
        precision=table.integer("precision", 1, least=1),
        more_than=table.flag("more_than", False),
        countries=_countries_of(table),
    )
    table.finish()
    return figure


def _countries_of(table: Table) -> tuple[str, ...]:
    return tuple(_countries(table)) if table.has("countries") else ()
