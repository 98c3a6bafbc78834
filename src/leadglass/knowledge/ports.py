"""The ports that medical-imaging servers are usually found on."""

# 104, 2761, 2762, 11112: IANA's registry (acr-nema, dicom-iscl, dicom-tls, dicom); 4242 and 5678 are the defaults of
# Orthanc's and Conquest's own configuration files.
USUAL_DIMSE_PORTS = (104, 11112, 4242, 2761, 2762, 5678)
# 8042 is Orthanc's, 8080 and 8443 dcm4chee-arc's and most servlet containers'.
USUAL_WEB_PORTS = (80, 443, 8042, 8080, 8443)
USUAL_TLS_WEB_PORTS = (443, 8443)
