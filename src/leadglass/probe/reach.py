"""How a port is reached by DIMSE: in clear or over TLS, and under which of the called AE titles.

Cost: one association for each title; what `tls` states where TLS is usual, asked for, or suspected.
"""

import msgspec

from leadglass.model.facts import TlsFacts
from leadglass.model.record import Record
from leadglass.model.words import Status, Step
from leadglass.net.host import Host
from leadglass.probe.contact import Contact, make_contacts, no_contact
from leadglass.probe.tls import UNCONNECTED, WANTS_CERTIFICATE, TlsLearned, learn_tls, requires_certificate

TLS_PORT = 2762
_WITHOUT_A_WORD = (Status.CONNECTION_RESET, Status.CONNECTION_CLOSED)


class Reached(Record):
    """The contacts that were let in, or the one refusal, and the TLS beneath them where there is any."""

    contacts: tuple[Contact, ...]
    tls: TlsFacts | None = None

    @property
    def contact(self) -> Contact:
        """The first: it tells what answers there."""
        return self.contacts[0]


async def reach(
    host: Host, port: int, titles: tuple[str, ...], tls: bool | None, hello_s: float | None = None
) -> Reached:
    """In clear first, except where TLS is asked for or usual; by the other where the one gave no first byte.

    `hello_s` is how long the first answer is waited for, None for as long as any other.
    """
    if tls is True or (tls is None and port == TLS_PORT):
        learned = await learn_tls(host, port)
        if learned.status in UNCONNECTED:
            return Reached(contacts=(no_contact(titles[-1], learned.status, Step.CONNECT, learned.detail),))
        in_clear = not learned.speaks_tls and learned.status in (Status.TLS_ERROR, *_WITHOUT_A_WORD)
        if tls is True or not in_clear:
            return await _over_tls(host, port, titles, learned)
    contacts = await make_contacts(host, port, tls=False, titles=titles, hello_s=hello_s)
    contact = contacts[0]
    # A server of TLS resets or hangs up, and some answer with an alert: so does Java.
    silent = (contact.status in _WITHOUT_A_WORD and contact.step is not Step.CONNECT) or contact.speaks == "TLS"
    if tls is None and port != TLS_PORT and silent:
        learned = await learn_tls(host, port)
        if learned.speaks_tls:
            return await _over_tls(host, port, titles, learned)
    return Reached(contacts=contacts)


async def _over_tls(host: Host, port: int, titles: tuple[str, ...], learned: TlsLearned) -> Reached:
    facts = learned.facts
    if not learned.speaks_tls or facts.client_certificate == "required":
        return Reached(contacts=(no_contact(titles[-1], learned.status, Step.TLS, learned.detail),), tls=facts)
    contacts = await make_contacts(host, port, tls=True, titles=titles)
    contact = contacts[0]
    if contact.line is None and not contact.is_dicom and requires_certificate(facts, contact.status, contact.step):
        facts = msgspec.structs.replace(facts, client_certificate="required")
        contacts = (msgspec.structs.replace(contact, detail=WANTS_CERTIFICATE),)
    return Reached(contacts=contacts, tls=facts)
