"""Our hand-written names of UIDs are compared with pydicom's dictionary: the numbers must be the standard's."""

from pydicom.uid import UID

from leadglass.knowledge import sop_classes


def test_every_uid_is_what_we_call_it() -> None:
    """Services by their kind, storage classes and transfer syntaxes by their names in PS3.6."""
    for uid, name in sop_classes.NAMES.items():
        theirs = UID(uid).name
        assert theirs != uid, uid
        ours = name.replace(" - ", " ").replace(" (retired)", "").partition(" Query/Retrieve")[0].partition(" FIND")[0]
        words = theirs.replace(" - ", " ")
        assert all(word in words for word in ours.replace(",", "").split() if word.isalpha()), (name, theirs)
