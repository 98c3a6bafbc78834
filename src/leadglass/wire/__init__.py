"""DICOM as bytes and events: no socket, no clock, no thread, no log.

Bytes from a peer go into an `Association`, events come out; events go in, bytes come out. Two errors only:
`LocalError` (we are wrong) and `PeerError` (they are).
"""
