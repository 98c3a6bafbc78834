"""The parsers of `survey`: what another tool wrote is read line by line, or refused as a whole with IntakeError."""

import tempfile
from pathlib import Path

from leadglass.survey.intake.found import IntakeError
from leadglass.survey.intake.reading import read_found
from tests.wire.feeding import Parser

_REAL = Path(__file__).parents[1] / "intake" / "real"


def _read(data: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "found")
        path.write_bytes(data)
        return list(read_found(path, port=104))


FUZZED = {
    "leadglass.survey.intake.reading.read_found": Parser(
        read=_read,
        samples=(
            b"open tcp 104 10.78.0.200 1795434518\n# end\n",
            b'[\n{ "ip": "10.78.0.5", "ports": [ {"port": 104} ] }\n]\n',
            b"saddr,sport,success\n10.78.0.5,104,1\n",
            b'{"ip_str": "192.0.2.1", "port": 104}\n',
            b'{"ip": "192.0.2.1", "services": [{"port": 104}]}\n',
            b"192.0.2.1:104\n[2001:db8::1]:104\n",
            b'<?xml version="1.0"?><nmaprun><host><address addr="10.0.0.1" addrtype="ipv4"/><ports>'
            b'<port protocol="tcp" portid="104"><state state="open"/></port></ports></host></nmaprun>',
        ),
        error=IntakeError,
    ),
}
