"""A dry run lists everything that is really sent: servers of every kind are asked, and each request is looked up."""

import re
from datetime import date
from functools import cache

import pytest

from leadglass.cli.dry_run import describe
from leadglass.cli.web_questions import QUESTIONS, Question, places
from leadglass.model.scope import ALL_PERMISSIONS, Budget, Scope
from leadglass.model.target import parse_target
from leadglass.model.words import Permission
from leadglass.net.gate import Gate
from leadglass.probe.manner import Manner, Switch
from leadglass.survey.options import Options
from tests.cli.typed import typed
from tests.fakes.asking import ask
from tests.fakes.dicomweb import Archive, an_instance, studies
from tests.fakes.web_products import BY_DATES, BY_PATIENTS, DAV, dcm4chee, dicoogle, folder, orthanc, webdav
from tests.fakes.web_server import NOT_FOUND, Answer, Reply, Request, login

GIVEN, TITLES = "/imaging", ("ARCHIVE",)
TOO_FEW_FOR_ALL = Budget(max_records=3_000)  # of a long list, whose end is looked for then, whatever that costs
OPTIONS = Options(manner=Manner(today=date(2026, 11, 23)), contact="tests", called_ae_titles=TITLES)


def everything() -> dict[str, Answer]:
    """All products at once, open in every way."""
    ups: dict[str, Answer] = {"/dicom-web/workitems": an_instance()}
    return {**orthanc(), **webdav(), **dcm4chee("ARCHIVE"), **dicoogle(), **Archive().routes(), **ups}


@cache
def asked(permits: tuple[Permission, ...]) -> tuple[Request, ...]:
    """Everything that servers were asked: all open, all closed, without dates, dcm4chee-arc alone, a long list."""
    no_dates = {**webdav(), BY_DATES: folder(f"{DAV}by-dates/"), BY_PATIENTS: folder(f"{DAV}by-patients/", ("x",))}
    servers: list[tuple[dict[str, Answer], Reply]] = [
        ({}, login()),
        (everything(), NOT_FOUND),
        ({**everything(), **no_dates}, NOT_FOUND),
        (dcm4chee("ARCHIVE"), NOT_FOUND),
        (Archive(studies(9_001), images=27_003).routes(), NOT_FOUND),
    ]
    requests: list[Request] = []
    for routes, otherwise in servers:
        seen = ask(routes, otherwise, permits=permits, path=GIVEN, titles=TITLES, measure=True, budget=TOO_FEW_FOR_ALL)
        requests += seen.requests
    return tuple(requests)


def is_of(question: Question, request: Request) -> bool:
    """Whether the request is of that kind."""
    known = places(GIVEN, OPTIONS)
    roots = [re.escape(root).replace(r"\{title\}", "[^/]+") for root in known["root"]]
    stands = {
        "base": "|".join(map(re.escape, known["base"])),
        "root": "|".join(roots),
        "beside": "|".join(root.rpartition("/")[0] for root in roots),
        "given": re.escape(GIVEN),
        "nonsense": "leadglass-[0-9a-f]+",
        "folders": ".*",
    }
    parts = re.split(r"\{(\w+)\}", question.path)
    pattern = "".join(f"(?:{stands.get(p, '[^/]+')})" if n % 2 else re.escape(p) for n, p in enumerate(parts))
    return question.method == request.method and re.fullmatch(pattern, request.path) is not None


@pytest.mark.parametrize("permits", [ALL_PERMISSIONS, (Permission.CONNECT,), ALL_PERMISSIONS[:2]])
def test_every_request_is_in_the_table_under_what_was_permitted(permits: tuple[Permission, ...]) -> None:
    table = [question for question in QUESTIONS if question.permission in permits]
    unannounced = {f"{r.method} {r.path}" for r in asked(permits) if not any(is_of(q, r) for q in table)}
    assert not unannounced


def test_every_row_of_the_table_is_really_asked() -> None:
    assert not [q.shown for q in QUESTIONS if not any(is_of(q, request) for request in asked(ALL_PERMISSIONS))]


def test_the_table_is_shown_whole_within_80_columns() -> None:
    out = describe([parse_target(f"https://127.0.0.1{GIVEN}")], Gate(None), OPTIONS, width=80)
    assert max(map(len, out.splitlines())) <= 80
    plain = " ".join(out.split())
    assert all(" ".join(question.shown.split()) in plain for question in QUESTIONS)
    assert "TLS handshakes" in plain
    assert "{root} is /imaging, /imaging/dicom-web, /dicom-web" in plain
    assert "ARCHIVE, DCM4CHEE" in plain


def test_what_is_only_counted_is_not_shown_where_nothing_is_counted() -> None:
    targets = [parse_target("127.0.0.1")]
    counting = describe(targets, Gate(None), OPTIONS, width=80)
    without = describe(targets, Gate(None), Options(manner=OPTIONS.manner, contact="tests", measure=False), width=80)
    for words in ("pages of studies", "series and images of studies"):
        assert words in " ".join(counting.split())
        assert words not in " ".join(without.split())
    assert "Patient Root" in without


def test_names_that_would_be_resolved_are_announced() -> None:
    scope = Scope(authority="a", contact="c", targets=("127.0.0.1",), opt_out=("pacs.example",))
    words = "names among the exclusions and opt-outs are resolved"
    assert words in describe([], Gate(scope), OPTIONS, width=200)
    assert words not in describe([], Gate(None), OPTIONS, width=200)


def test_a_sample_is_announced_with_what_it_is_to_reach() -> None:
    plain = " ".join(typed("check", "127.0.0.1", "--dry-run").out.split())
    assert "figures of ±5 % at 95 % confidence, 15,000 records at most" in plain
    options = ("--precision", "2.5", "--confidence", "99", "--max-records", "4000")
    wished = " ".join(typed("check", "127.0.0.1", "--dry-run", *options).out.split())
    assert "figures of ±2.5 % at 99 % confidence, 4,000 records at most" in wished
    for everything in (("--exact",), ("--max-records", "60000"), ("--no-count",)):
        assert "that chance chooses" not in " ".join(typed("check", "127.0.0.1", "--dry-run", *everything).out.split())


def test_asking_for_an_image_each_of_a_few_studies_is_announced_with_its_cost() -> None:
    targets = [parse_target("dicom://127.0.0.1")]

    def plain(options: Options) -> str:
        return " ".join(describe(targets, Gate(None), options, width=80).split())

    words = "an empty-handed C-GET for it, in 12 at most of the studies that were counted"
    assert words in plain(OPTIONS)
    assert "the server opens a file for each" in plain(OPTIONS)
    left_out = Manner(today=OPTIONS.manner.today, without=(Switch.RETRIEVABLE_IMAGES,))
    assert words not in plain(Options(manner=left_out, contact="tests"))
    assert words not in plain(Options(manner=OPTIONS.manner, contact="tests", measure=False))


def test_exact_lifts_every_budget_but_one_that_is_given() -> None:
    plain = " ".join(typed("check", "127.0.0.1", "--exact", "--dry-run").out.split())
    assert "10000 connections, 1,099,511,627,776 records, 2,592,000 s" in plain
    given = " ".join(typed("check", "127.0.0.1", "--exact", "--max-records", "7", "--dry-run").out.split())
    assert "10000 connections, 7 records, 2,592,000 s" in given
