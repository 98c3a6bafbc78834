"""A remedy says what to change in one product, and says so when nobody tried it there.

Sources: Orthanc's configuration file and NEWS (1.10.1), dcmqrscp's configuration file and manual (DCMTK 3.6.7),
dcm4che's configuration reference (Network AE, dcmAcceptedCallingAETitle), dcm4chee-arc's pages on its secured images.
For Conquest no setting is sourced that turns strangers away, so its remedies close the network path to it.
What is marked as tried is tried again by `tests/peers/test_remedies.py`.
"""

from leadglass.knowledge.products import ANY_OTHER, CONQUEST, DCM4CHEE, DCMTK, ORTHANC
from leadglass.model.finding import Fix, Remedy

FIREWALL = (
    "Let a firewall on the server pass its DICOM port to the addresses of your own devices only; "
    "from the internet nobody needs it."
)
FIREWALL_WEB = "Let a firewall pass the web port to your own network or VPN only."
ORTHANC_CONFIG = "In Orthanc's configuration (on Debian the files in /etc/orthanc)"
ORTHANC_RESTART = "Restart Orthanc: it reads its configuration only when it starts."
ORTHANC_MODALITIES = (
    'List each of your own devices in "DicomModalities" with its AE title and address, and set '
    '"DicomCheckModalityHost" to true, so that the title alone is not enough.'
)
DCMQRSCP_CONFIG = "In dcmqrscp's configuration file (on Debian /etc/dcmtk/dcmqrscp.cfg)"
DCMQRSCP_PEERS = (
    f"{DCMQRSCP_CONFIG}, name your devices in the HostTable and put that name in the place of ANY as the peers of "
    "every line of the AETable."
)
DCMQRSCP_RESTART = "Restart dcmqrscp."
DCM4CHEE_CALLERS = (
    "In the archive's user interface, under Configuration, Devices, dcm4chee-arc, give each Network AE its \"Accepted "
    'Calling AE Title(s)" (in LDAP dcmAcceptedCallingAETitle): while the list is empty every caller is accepted.'
)
DCM4CHEE_SECURE = (
    "Run the secured variant of the archive (the -secure image, with Keycloak), so that the user interface and the "
    "REST services ask for a login; replace every default password."
)
ASK_MAKER = "Ask the maker or your service company for this in writing, with this finding."
PROXY = (
    "Put a reverse proxy that ends TLS (nginx, Apache, Caddy, HAProxy) before it, and let it listen on loopback only."
)
TLS_TUNNEL = (
    "Put a TLS tunnel (stunnel, HAProxy) that asks for client certificates before its port, and close the port itself."
)


def fix(
    summary: str,
    *,
    orthanc: tuple[str, ...],
    dcm4chee: tuple[str, ...],
    dcmtk: tuple[str, ...],
    conquest: tuple[str, ...],
    other: tuple[str, ...],
    tried: tuple[str, ...] = (),
) -> Fix:
    """A fix with a remedy for every product; `tried` names the products on which the steps were tried."""
    steps = {ORTHANC: orthanc, DCM4CHEE: dcm4chee, DCMTK: dcmtk, CONQUEST: conquest, ANY_OTHER: other}
    return Fix(
        summary=summary,
        remedies=tuple(Remedy(product=name, steps=lines, tried=name in tried) for name, lines in steps.items()),
    )
