"""What an archive knows about each patient, study, series and image, as values under the tags that queries ask for."""

from collections.abc import Iterator

from leadglass.lab.archive import Archive, Patient, Series, Study
from leadglass.wire import tags
from leadglass.wire.queries import IMAGE, PATIENT, SERIES, STUDY

Values = dict[int, str]


def records(archive: Archive, level: str, study_uids: frozenset[str] | None = None) -> Iterator[Values]:
    """Every record of `level`; `study_uids` spares a walk through studies that a question does not mean."""
    for patient in archive.patients:
        if level == PATIENT:
            yield {tags.QUERY_RETRIEVE_LEVEL: level, **_patient(patient)}
            continue
        for study in patient.studies:
            if study_uids is None or study.uid in study_uids:
                yield from _below(level, patient, study)


def worklist_items(archive: Archive) -> Iterator[tuple[Values, Values]]:
    """One item for the latest study of every tenth patient: its values, and those of its one scheduled step."""
    for index, patient in enumerate(archive.patients[::10]):
        study = max(patient.studies, key=lambda study: study.date)
        item = {
            **_patient(patient),
            tags.ACCESSION_NUMBER: study.accession_number,
            tags.STUDY_INSTANCE_UID: study.uid,
        }
        step = {
            tags.SCHEDULED_STATION_AE_TITLE: "LABSTATION",
            tags.SCHEDULED_PROCEDURE_STEP_START_DATE: study.date,
            tags.MODALITY: study.series[0].modality,
            tags.SCHEDULED_PROCEDURE_STEP_ID: f"STEP{index}",
        }
        yield item, step


def _below(level: str, patient: Patient, study: Study) -> Iterator[Values]:
    above = {tags.QUERY_RETRIEVE_LEVEL: level, **_patient(patient), **_study(study)}
    if level == STUDY:
        yield above
    for series in study.series if level in (SERIES, IMAGE) else ():
        values = {**above, **_series(series)}
        if level == SERIES:
            yield values
            continue
        values[tags.SOP_CLASS_UID] = series.sop_class_uid
        for index in range(series.images):
            yield {**values, tags.SOP_INSTANCE_UID: series.image_uid(index)}


def _patient(patient: Patient) -> Values:
    return {
        tags.PATIENT_ID: patient.id,
        tags.PATIENT_NAME: patient.name,
        tags.PATIENT_BIRTH_DATE: patient.birth_date,
        tags.PATIENT_SEX: patient.sex,
        tags.NUMBER_OF_PATIENT_RELATED_STUDIES: str(len(patient.studies)),
        tags.NUMBER_OF_PATIENT_RELATED_INSTANCES: str(patient.images),
    }


def _study(study: Study) -> Values:
    return {
        tags.STUDY_INSTANCE_UID: study.uid,
        tags.STUDY_DATE: study.date,
        tags.STUDY_TIME: study.time,
        tags.ACCESSION_NUMBER: study.accession_number,
        tags.STUDY_ID: study.study_id,
        tags.STUDY_DESCRIPTION: study.description,
        tags.REFERRING_PHYSICIAN_NAME: study.referring_physician,
        tags.MODALITIES_IN_STUDY: "\\".join(study.modalities),
        tags.NUMBER_OF_STUDY_RELATED_SERIES: str(len(study.series)),
        tags.NUMBER_OF_STUDY_RELATED_INSTANCES: str(study.images),
    }


def _series(series: Series) -> Values:
    return {
        tags.SERIES_INSTANCE_UID: series.uid,
        tags.MODALITY: series.modality,
        tags.NUMBER_OF_SERIES_RELATED_INSTANCES: str(series.images),
    }
