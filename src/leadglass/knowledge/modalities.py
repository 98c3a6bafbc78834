"""The defined terms of Modality (0008,0060) stand here: what is not among them may be anyone's words."""

SOURCE = "DICOM PS3.3 C.7.3.1.1.1, Modality: defined terms, and those that it names as retired"

_CURRENT = """
    ANN AR ASMT AU BDUS BI BMD CFM CR CT CTPROTOCOL DG DMS DOC DX ECG EEG EMG EOG EPS ES FID GM HC HD IO IOL IVOCT IVUS
    KER KO LEN LS M3D MG MR NM OAM OCT OP OPM OPT OPTBSV OPTENF OPV OSS OT PA PLAN POS PR PT PX REG RESP RF RG RTDOSE
    RTIMAGE RTINTENT RTPLAN RTRAD RTRECORD RTSEGANN RTSTRUCT RWV SEG SM SMR SR SRF STAIN TEXTUREMAP TG US VA XA
    XAPROTOCOL XC
"""
_RETIRED = "AS CD CF CP CS DD DF DM DS EC FA FS LP MA MS OPR ST VF"
CURRENT, RETIRED = frozenset(_CURRENT.split()), frozenset(_RETIRED.split())
OTHER = "other"
_SHOWN = {term.encode("ascii"): term for term in CURRENT | RETIRED}


def shown_modality(value: bytes) -> str:
    """The defined term that `value` is, without its padding; `other` for everything else, which is never shown."""
    return _SHOWN.get(value.strip(b" \0"), OTHER)
