"""DICOMweb gets the rung that its answers proved: open, empty, refused, and the many ways of half of it."""

from leadglass.model.words import NoRecord, Retrieval, Rung, SurfaceKind
from tests.fakes.asking import ask, web
from tests.fakes.scripted_web import JSON, FakeServer, Reply, Request
from tests.fakes.web_products import CANARIES, REFUSED, Qido, listing


def test_an_open_service_is_retrievable() -> None:
    came = ask(FakeServer(Qido().routes()))
    assert came.only.kind is SurfaceKind.DICOMWEB
    assert came.only.proof is Rung.RETRIEVABLE
    assert came.only.retrieval is Retrieval.PROVED
    assert web(came.only).base == "/dicom-web"
    assert web(came.only).ignored_keys == ()
    assert not [word for word in CANARIES if word in came.said()]


def test_an_empty_service_admits() -> None:
    came = ask(FakeServer(Qido(studies=0).routes()))
    assert (came.only.proof, came.only.facts.no_record) == (Rung.ADMITS, NoRecord.NOTHING_FOUND)


def test_an_empty_service_may_say_204_or_json() -> None:
    for behind in (Reply(status=204, type=None), Reply(body=b"[]", type=JSON)):
        came = ask(FakeServer(Qido(studies=0, behind=behind).routes()))
        assert (came.only.proof, came.only.facts.no_record) == (Rung.ADMITS, NoRecord.NOTHING_FOUND)


def test_a_login_on_its_path_alone_speaks() -> None:
    came = ask(FakeServer({"/dicom-web/studies": REFUSED}))
    assert (came.only.kind, came.only.proof) == (SurfaceKind.DICOMWEB, Rung.SPEAKS)
    assert (came.only.facts.no_record, came.only.retrieval) == (NoRecord.REFUSED, Retrieval.REFUSED)
    assert web(came.only).realm == "somewhere"


def test_a_login_in_front_of_a_whole_api_is_no_mark() -> None:
    def answer(request: Request) -> Reply:
        return REFUSED if request.path.startswith("/api/") else Reply(status=404, body=b"no")

    assert ask(FakeServer(fallback=answer)).only.kind is SurfaceKind.WEB


def test_a_refusal_of_the_second_question() -> None:
    service = Qido()

    def search(request: Request) -> Reply:
        return service.search(request) if request.value("StudyInstanceUID") else REFUSED

    came = ask(FakeServer({"/dicom-web/studies": search}))
    assert (came.only.proof, came.only.facts.no_record) == (Rung.ADMITS, NoRecord.REFUSED)
    assert came.only.retrieval is Retrieval.REFUSED


def test_a_key_or_a_limit_that_is_ignored_is_said() -> None:
    assert web(ask(FakeServer(Qido(keys=False).routes())).only).ignored_keys == ("StudyInstanceUID",)
    assert web(ask(FakeServer(Qido(limits=False).routes())).only).ignored_keys == ("limit",)


def test_an_answer_too_long_to_be_read_is_a_record_all_the_same() -> None:
    came = ask(FakeServer(Qido(studies=900, limits=False).routes()))
    assert came.only.proof is Rung.RETRIEVABLE
    assert not [word for word in CANARIES if word in came.said()]


def test_any_list_is_not_qido() -> None:
    values: tuple[object, ...] = ([{"id": 1}], [1, 2], [[]], [{}], {"results": []}, "studies", None)
    for value in values:
        came = ask(FakeServer({"/dicom-web/studies": listing(value), "/studies": listing(value, JSON)}))
        assert came.only.kind is SurfaceKind.WEB, value


def test_an_empty_list_that_a_whole_api_gives_is_not_qido() -> None:
    def answer(request: Request) -> Reply:
        return listing([], JSON) if request.path.startswith(("/rs/", "/studies")) else Reply(status=404, body=b"no")

    assert ask(FakeServer(fallback=answer)).only.kind is SurfaceKind.WEB


def test_metadata_decides_on_retrieval() -> None:
    for metadata, verdict in (
        (REFUSED, Retrieval.REFUSED),
        (Reply(status=404, body=b"gone"), Retrieval.UNDETERMINED),
        (Reply(body=b"<html>viewer</html>"), Retrieval.UNDETERMINED),
        (Reply(body=b"[]", type=JSON), Retrieval.UNDETERMINED),
        (Reply(body=b"[" * 100_000, type=JSON), Retrieval.UNDETERMINED),
    ):
        came = ask(FakeServer(Qido(metadata=metadata).routes()))
        assert (came.only.proof, came.only.retrieval) == (Rung.READABLE, verdict), metadata


def test_an_instance_without_a_uid_leaves_it_undetermined() -> None:
    for instances in (listing([]), listing([{"00080018": {"vr": "UI"}}]), listing({"a": 1}), Reply(body=b"<html>")):
        assert ask(FakeServer(Qido(instances=instances).routes())).only.retrieval is Retrieval.UNDETERMINED


def test_other_names_of_one_service_are_one_surface_in_few_requests() -> None:
    service = Qido()
    routes = {
        k: v for base in ("/dicom-web", "/dicomweb", "/rs", "/pacs/rs", "") for k, v in service.routes(base).items()
    }
    came = ask(FakeServer(routes))
    assert came.only.proof is Rung.RETRIEVABLE
    assert len(came.requests) < 60
    assert came.connections <= 3


def test_the_name_under_which_images_are_given_is_found() -> None:
    routes = Qido(metadata=Reply(status=404, body=b"no")).routes("/dicom-web") | Qido().routes("/wado-rs")
    came = ask(FakeServer(routes))
    assert [p.surface.proof for p in came.probes] == [Rung.READABLE, Rung.RETRIEVABLE]


def test_a_path_that_the_user_gave_is_asked_first() -> None:
    came = ask(FakeServer(Qido().routes("/clinic/x%20y/é")), path="/clinic/x%20y/é")
    assert web(ask(FakeServer(Qido().routes("/clinic/web")), path="/clinic/web").only).base == "/clinic/web"
    assert came.only.kind is SurfaceKind.WEB
