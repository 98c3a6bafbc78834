"""Every key of a query gives what a filter over all records gives, at every level; habits bend it as they say."""

import random

import pytest

from leadglass.lab.answers import count_images, find
from leadglass.lab.archive import Values
from leadglass.lab.asking import QueryError
from leadglass.lab.habits import PLAIN, Habits
from leadglass.lab.matching import Wanted, matches
from leadglass.lab.worklist import find_worklist
from leadglass.wire import tags
from leadglass.wire.elements import DataSet, decode, encode, text
from leadglass.wire.queries import IMAGE, PATIENT, SERIES, STUDY, identifier, worklist_identifier
from leadglass.wire.uids import PATIENT_ROOT_FIND, PATIENT_ROOT_GET, STUDY_ROOT_FIND, STUDY_ROOT_GET
from tests.lab.served import ARCHIVE, SPEC, STUDIES

ALL = {level: list(ARCHIVE.records(level)) for level in (PATIENT, STUDY, SERIES)}
STUDY_ONE = max(STUDIES, key=lambda study: int(study[tags.NUMBER_OF_STUDY_RELATED_SERIES]))
UID = STUDY_ONE[tags.STUDY_INSTANCE_UID]
ALL[IMAGE] = list(ARCHIVE.records(IMAGE, {tags.STUDY_INSTANCE_UID: UID}))
_CUT = (1, 3, 4)


def wishes(tag: int, value: str) -> list[str]:
    """What somebody may ask of an attribute, where one record has `value` under it."""
    if tag in (tags.STUDY_DATE, tags.PATIENT_BIRTH_DATE):
        return [value, f"{value}-", f"-{value}", f"{value[:4]}-{value[:4]}", "19000101-20200630", "-", "x", "20201301"]
    if tag == tags.STUDY_TIME:
        return [value, "000000", "0800-1130", f"{value}-", "-09", "10-10", "08:00-09:30", "120000.5-", "25-", "-"]
    if tag in (tags.STUDY_INSTANCE_UID, tags.SERIES_INSTANCE_UID, tags.SOP_INSTANCE_UID, tags.SOP_CLASS_UID):
        return [value, f"1.2\\{value}", "2.25.1", "*", value + "0"]
    wild = [value[:cut] + "*" for cut in _CUT] + ["*" + value[-2:], "?" * len(value), value[:1] + "?*", "*"]
    return [value, value.lower(), value + "x", "[A-Z]*", *wild]


def found(level: str, keys: Values, habits: Habits = PLAIN) -> list[DataSet]:
    """The answers to a query with `keys`, read again."""
    asked = (text(tags.QUERY_RETRIEVE_LEVEL, level), *(text(tag, wish) for tag, wish in sorted(keys.items())))
    answers: list[DataSet] = []
    for encoded in find(ARCHIVE, PATIENT_ROOT_FIND, asked, explicit=True, habits=habits):
        start = 0
        for end in encoded.ends:
            answers.append(decode(encoded.data[start:end], explicit=True))
            start = end
        assert start == len(encoded.data)
    return answers


@pytest.mark.parametrize("level", [PATIENT, STUDY, SERIES, IMAGE])
def test_every_key_is_a_filter_over_all_records(level: str) -> None:
    """Alone, from several records, with and without wildcards."""
    chance = random.Random(level)
    above: Values = {tags.STUDY_INSTANCE_UID: UID} if level == IMAGE else {}
    for tag in ALL[level][0].keys() - above.keys():
        for record in chance.sample(ALL[level], 2 if level == IMAGE else 4):
            for wish in filter(None, wishes(tag, record[tag])):
                for wildcards in (True, False):
                    wanted = Wanted(keys={**above, tag: wish}, wildcards=wildcards)
                    expected = [one for one in ALL[level] if matches(wanted, one)]
                    rows = [one for some in ARCHIVE.select(level, wanted) for one in ARCHIVE.values(level, some)]
                    assert rows == expected, (tag, wish)


def test_keys_together() -> None:
    """Each narrows what the others leave."""
    chance = random.Random(5)
    some = 0
    for record in chance.sample(STUDIES, 60):
        keys = {tag: chance.choice(wishes(tag, record[tag])) for tag in chance.sample(list(record), 3) if record[tag]}
        wanted = Wanted(keys={tag: wish for tag, wish in keys.items() if wish})
        expected = [one for one in STUDIES if matches(wanted, one)]
        some += bool(expected)
        assert [one for rows in ARCHIVE.select(STUDY, wanted) for one in ARCHIVE.values(STUDY, rows)] == expected
    assert some > 5


@pytest.mark.parametrize("explicit", [True, False])
@pytest.mark.parametrize("level", [PATIENT, STUDY, SERIES, IMAGE])
def test_what_is_written_is_what_the_encoder_writes(level: str, explicit: bool) -> None:
    """Byte for byte, with attributes that the archive does not know left empty."""
    above = {tags.STUDY_INSTANCE_UID: UID, tags.SERIES_INSTANCE_UID: ALL[IMAGE][0][tags.SERIES_INSTANCE_UID]}
    keys = {} if level in (PATIENT, STUDY) else above
    unknown = (0x00081048, tags.SPECIFIC_CHARACTER_SET, tags.SCHEDULED_PROCEDURE_STEP_SEQUENCE)
    asked = {**dict.fromkeys((*ALL[level][0], *unknown), ""), tags.QUERY_RETRIEVE_LEVEL: level, **keys}
    question = tuple(text(tag, wish) for tag, wish in asked.items())
    expected = b"".join(
        encode((text(tag, {**one, tags.QUERY_RETRIEVE_LEVEL: level}.get(tag, "")) for tag in asked), explicit=explicit)
        for one in ALL[level]
        if matches(Wanted(keys=keys), one)
    )
    assert expected == b"".join(e.data for e in find(ARCHIVE, PATIENT_ROOT_FIND, question, explicit=explicit))


def test_habits() -> None:
    """Ignored keys narrow nothing, a wildcard may be a mere character, and counts may be left out."""
    dates = {tags.STUDY_DATE: "18000101", tags.STUDY_TIME: "01"}
    assert len(found(STUDY, dates)) == 0
    assert len(found(STUDY, dates, Habits(ignores=("StudyDate", "StudyTime")))) == SPEC.studies
    modality = {tags.MODALITIES_IN_STUDY: "XX"}
    assert len(found(STUDY, modality, Habits(ignores=("ModalitiesInStudy",)))) == SPEC.studies
    names = {tags.PATIENT_NAME: "Lab-*"}
    assert (len(found(STUDY, names)), len(found(STUDY, names, Habits(wildcards=False)))) == (SPEC.studies, 0)
    keys = {tags.NUMBER_OF_STUDY_RELATED_INSTANCES: "", tags.STUDY_INSTANCE_UID: UID}
    [answer] = found(STUDY, keys, Habits(counts=False))
    assert [element.tag for element in answer] == [tags.QUERY_RETRIEVE_LEVEL, tags.STUDY_INSTANCE_UID]


def test_a_query_below_its_parents_is_refused() -> None:
    for level, sop_class in ((SERIES, STUDY_ROOT_FIND), (IMAGE, STUDY_ROOT_FIND), (PATIENT, STUDY_ROOT_FIND)):
        with pytest.raises(QueryError):
            find(ARCHIVE, sop_class, identifier(level), explicit=True)


def test_images_that_a_retrieval_would_move() -> None:
    """At every level; one that names nothing is refused."""
    series, image = ALL[IMAGE][0][tags.SERIES_INSTANCE_UID], ALL[IMAGE][0][tags.SOP_INSTANCE_UID]
    in_series = sum(one[tags.SERIES_INSTANCE_UID] == series for one in ALL[IMAGE])
    patient = next(one for one in ALL[PATIENT] if one[tags.PATIENT_ID] == STUDY_ONE[tags.PATIENT_ID])
    above = {"study_instance_uid": UID, "series_instance_uid": series}
    for level, keys, images in (
        (PATIENT, {"patient_id": patient[tags.PATIENT_ID]}, int(patient[tags.NUMBER_OF_PATIENT_RELATED_INSTANCES])),
        (STUDY, {"study_instance_uid": UID}, len(ALL[IMAGE])),
        (SERIES, above, in_series),
        (IMAGE, {**above, "sop_instance_uid": image}, 1),
        (IMAGE, {**above, "sop_instance_uid": "2.25.7"}, 0),
        (STUDY, {"study_instance_uid": "2.25.7"}, 0),
    ):
        assert count_images(ARCHIVE, PATIENT_ROOT_GET, identifier(level, **keys)) == images
    with pytest.raises(QueryError):
        count_images(ARCHIVE, STUDY_ROOT_GET, identifier(STUDY))


def test_worklist() -> None:
    """One item for every tenth patient, narrowed by the step's date and modality."""
    items = list(find_worklist(ARCHIVE, worklist_identifier(tags.PATIENT_ID, tags.STUDY_INSTANCE_UID)))
    assert len(items) == -(-SPEC.patients // 10)
    known = {study[tags.STUDY_INSTANCE_UID]: study for study in STUDIES}
    for item in items:
        values = {element.tag: element.value for element in item}
        uid = values[tags.STUDY_INSTANCE_UID]
        assert isinstance(uid, bytes)
        study = known[uid.decode()]
        own = [one[tags.STUDY_DATE] for one in STUDIES if one[tags.PATIENT_ID] == study[tags.PATIENT_ID]]
        assert study[tags.STUDY_DATE] == max(own)
    assert list(find_worklist(ARCHIVE, worklist_identifier(tags.PATIENT_ID, date="18000101"))) == []


def test_what_is_told_by_name_stands_in_no_record_and_narrows_nothing() -> None:
    asked = {tags.PATIENT_ADDRESS: "", tags.INSTITUTION_NAME: "nowhere", tags.ADMITTING_DIAGNOSES_DESCRIPTION: ""}
    answers = found(STUDY, asked)
    assert len(answers) == SPEC.studies
    values = {tag: {e.value for answer in answers for e in answer if e.tag == tag} for tag in asked}
    assert values[tags.INSTITUTION_NAME] == {b"Lab-Hospital"}
    assert b"" in values[tags.PATIENT_ADDRESS]
    assert len(values[tags.PATIENT_ADDRESS]) > 5
    assert not asked.keys() & ALL[STUDY][0].keys()
    patients = found(PATIENT, {tags.PATIENT_TELEPHONE_NUMBERS: "", tags.INSTITUTION_NAME: ""})
    assert {e.value for answer in patients for e in answer if e.tag == tags.INSTITUTION_NAME} == {b""}
