"""Which ports of a target are tried, in which order, and by which protocol first."""

from leadglass.knowledge.products import USUAL_DIMSE_PORTS, USUAL_WEB_PORTS
from leadglass.model.record import Record
from leadglass.model.target import Scheme, Target

# Where a web server is usually met over TLS (RFC 9110 4.2.2; servlet containers' second port).
TLS_WEB_PORTS = (443, 8443)
DICOM_TLS_PORT = 2762


class Attempt(Record):
    """One port to try. `web` says which protocol comes first, `only` that the other is not tried at all."""

    port: int
    web: bool
    only: bool = False
    tls: bool | None = None


def plan(target: Target) -> tuple[Attempt, ...]:
    """The ports of `target`, those for DIMSE before those for the web."""
    match target.scheme:
        case Scheme.DICOM | Scheme.DICOMS:
            tls = True if target.scheme is Scheme.DICOMS else None
            usual = (DICOM_TLS_PORT,) if tls else USUAL_DIMSE_PORTS
            ports = (target.port,) if target.port else usual
            return tuple(Attempt(port=port, web=False, only=True, tls=tls) for port in ports)
        case Scheme.HTTP | Scheme.HTTPS:
            secure = target.scheme is Scheme.HTTPS
            port = target.port or (443 if secure else 80)
            return (Attempt(port=port, web=True, only=True, tls=secure),)
        case Scheme.ANY:
            if target.port:
                return (_any(target.port),)
            return tuple(_any(port) for port in (*USUAL_DIMSE_PORTS, *USUAL_WEB_PORTS))


def _any(port: int) -> Attempt:
    if port in USUAL_WEB_PORTS:
        return Attempt(port=port, web=True, tls=port in TLS_WEB_PORTS)
    return Attempt(port=port, web=False)
