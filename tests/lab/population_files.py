"""Population files of a few lines, for the tests that change a word of them."""

WHOLE = """
name = "small"
title = "a small world"
seed = 7
network = "127.90.0.0/24"
silent_per_mille = 250

[defaults]
owners = { "Hospital" = 1, "Practice" = 2 }

[[identities]]
name = "mine"
product = "fo-dicom toolkit"
class_uid = "1.3.6.1.4.1.30071.8"
version_name = "fo-dicom 5.1.1"

[[figures]]
name = "servers"
value = 5
mark = "assumed"
source = "made up"
measure = "readable"
precision = 10
countries = "DE"

[[groups]]
name = "open"
servers = 5
countries = ["DE 3", "FR 1"]
identities = { mine = 1, orthanc = 2 }
dimse = { worklist = "open", images = "refused" }
web_port = 8042
web = { kind = "orthanc", login = true }
web_servers = 2
archive = { studies = 1_000, patients = 300, images = 20_000, undated = 4, migrated = 90, last_day = 2020-02-29 }
habits = { limit = 50, capping = "c000", ignores = ["StudyTime"], delay_s = 0.5 }

[[groups]]
name = "shut"
countries = "US"
identities = "dcm4chee"
presence = "silent"
"""
BEFORE = """
name = "later"
title = "the small world later"
before = "whole.toml"

[[changes]]
group = "open"
presence = "refuses"

[[changes]]
group = "shut"
presence = "listens"
dimse = { called_ae_title = "DCM4CHEE" }
"""
