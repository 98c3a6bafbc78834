"""What would be sent, without sending it: not even a name is resolved."""

import textwrap
from collections.abc import Iterable

from msgspec.structs import replace

from leadglass.cli.web_questions import places, web_lines
from leadglass.measure.retrieving.lots import MAX_ASKED
from leadglass.measure.sampling.sampler import MOST_RECORDS, Wish
from leadglass.model.scope import ALL_PERMISSIONS, Budget
from leadglass.model.target import Target, UnreadableTarget
from leadglass.model.words import Permission
from leadglass.net.errors import StepFailed
from leadglass.net.gate import Gate
from leadglass.net.identity import ANY_CALLED_AE_TITLE, CALLING_AE_TITLE, VERSION_NAME, user_agent
from leadglass.probe.manner import Switch
from leadglass.survey.options import Options
from leadglass.survey.plan import Attempt, plan

_DIMSE: dict[Permission, tuple[str, ...]] = {
    Permission.CONNECT: (
        "an association under each called AE title, C-ECHO, the contexts that are accepted, storage contexts without "
        "a request, TLS handshakes where TLS answers",
    ),
    Permission.READ_RECORD: (
        "C-FIND in Study Root, Patient Root and Modality Worklist, narrow before wide, until one record comes",
    ),
    Permission.REQUEST_IMAGES: (
        "C-FIND for the UIDs of one image, one empty-handed C-GET for it, and its control; no image can be sent",
    ),
}
_DIMSE_COUNTING = (
    "C-FIND for all studies and all worklist items, to count them, by patients or by dates where the server limits its "
    "answers; for the series and images of studies whose number of images is left out"
)
_DIMSE_SAMPLE = (
    "C-FIND at STUDY and PATIENT level for parts of a large archive that chance chooses (seconds of StudyTime, last "
    "figures of PatientID and AccessionNumber, ModalitiesInStudy, ranges of PatientBirthDate), for figures of "
    "±{precision:g} % at {confidence:g} % confidence, {most:,} records at most"
)
_DIMSE_KINDS = (
    "C-FIND for 20 of the records that were counted, drawn from all of them, for what tells which kinds of data they "
    "hold; of patients' values nothing is kept"
)
_DIMSE_RETRIEVABLE = (
    f"where that was proved: C-FIND for the UIDs of one image and an empty-handed C-GET for it, in {MAX_ASKED} at most "
    "of the studies that were counted, drawn from all of them; the server opens a file for each"
)
_TLS = "TLS handshakes, also with old versions and weak suites alone, to see whether they are refused"


def describe(targets: Iterable[Target | UnreadableTarget], gate: Gate, options: Options, *, width: int) -> str:
    """The plan in words, no line longer than `width` where it can be broken."""
    budget = options.budget
    lines = [
        "Nothing is sent by --dry-run. This is what would be.",
        "",
        f"Calling AE title {CALLING_AE_TITLE}, version name {VERSION_NAME},",
        f"User-Agent {user_agent(options.contact)}",
        f"At most, for each target: {budget.max_connections} connections, {budget.max_records:,} records,",
        f"{_seconds(budget.max_busy_s)} s of the server's time, {budget.max_bytes:,} bytes.",
    ]
    if gate.names_left_alone:
        lines.append("First the names among the exclusions and opt-outs are resolved; their addresses are left alone.")
    for target in targets:
        lines += ["", target.text, *(f"  {line}" for line in _target(target, gate, options))]
    return "".join(_wrapped(line, width) + "\n" for line in lines)


def _seconds(seconds: float) -> str:
    return f"{seconds:,.0f}" if seconds >= 1000 else f"{seconds:g}"


def _wrapped(line: str, width: int) -> str:
    """Continuation lines are indented two further than the line that they continue."""
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    return textwrap.fill(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _target(target: Target | UnreadableTarget, gate: Gate, options: Options) -> list[str]:
    if isinstance(target, UnreadableTarget):
        return [f"not asked, it cannot be read: {target.detail}"]
    permits = gate.scope.permits if gate.scope else ALL_PERMISSIONS
    if target.address is not None:
        try:
            permits = gate.admit(target.host, target.address).permits
        except StepFailed as failure:
            return [f"not touched: {failure.detail}"]
        lines = []
    else:
        lines = ["its name would be resolved; each address must pass the scope"]
    own = gate.titles(target.host, target.address)
    options = replace(options, called_ae_titles=tuple(dict.fromkeys((*own, *options.called_ae_titles))))
    attempts = plan(target)
    dimse, web = [a for a in attempts if not a.web], [a for a in attempts if a.web]
    titles = dict.fromkeys(t for t in (ANY_CALLED_AE_TITLE, target.called_ae_title, *options.called_ae_titles) if t)
    if dimse:
        lines.append(f"DIMSE on {_ports(dimse)}, called AE titles: {', '.join(titles)}")
        lines += _questions(_dimse(options), permits)
    if web:
        lines.append(f"web on {_ports(web)}")
        lines += _questions(_web(target, options, tls=any(a.tls for a in web)), permits)
        lines += [f"  {{{name}}} is {', '.join(p or 'nothing' for p in of)}" for name, of in _places(target, options)]
    if not any(attempt.only for attempt in attempts):
        lines.append("a port that speaks the other protocol is asked in that one")
    return lines


def _ports(attempts: list[Attempt]) -> str:
    numbers = ", ".join(str(attempt.port) for attempt in attempts)
    return f"{'port' if len(attempts) == 1 else 'ports'} {numbers}"


def _dimse(options: Options) -> dict[Permission, tuple[str, ...]]:
    if not options.measure:
        return _DIMSE
    wish = options.wish if not options.budget.reads_all else None
    sample = () if wish is None else (_sample(wish, options.budget),)
    reading = (*_DIMSE[Permission.READ_RECORD], *sample, _DIMSE_COUNTING)
    asked = options.manner.asks(Switch.RETRIEVABLE_IMAGES)
    images = (*_DIMSE[Permission.REQUEST_IMAGES], *((_DIMSE_RETRIEVABLE,) if asked else ()))
    return {
        **_DIMSE,
        Permission.READ_RECORD: reading,
        Permission.REQUEST_IMAGES: images,
        Permission.SAMPLE_KINDS: (_DIMSE_KINDS,),
    }


def _sample(wish: Wish, budget: Budget) -> str:
    most = min(MOST_RECORDS, budget.max_records)
    return _DIMSE_SAMPLE.format(precision=100 * wish.precision, confidence=100 * wish.confidence, most=most)


def _web(target: Target, options: Options, *, tls: bool) -> dict[Permission, tuple[str, ...]]:
    asked = {p: tuple(web_lines(p, target.path, options)) for p in _dimse(options)}
    return {**asked, Permission.CONNECT: (_TLS, *asked[Permission.CONNECT])} if tls else asked


def _places(target: Target, options: Options) -> list[tuple[str, tuple[str, ...]]]:
    return list(places(target.path, options).items())


def _questions(words: dict[Permission, tuple[str, ...]], permits: tuple[Permission, ...]) -> list[str]:
    lines = []
    for permission, asked in words.items():
        if permission not in permits:
            lines.append(f"  {permission.value}: not permitted, not asked")
        else:
            lines += [f"  {permission.value}:", *(f"    {line}" for line in asked)]
    return lines
