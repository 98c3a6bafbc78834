#!/bin/sh
# The real servers and clients that the tests talk to, through apt where it may; a missing one is a visible skip there.
set -u
missing=""
for pair in Orthanc:orthanc dcmqrscp:dcmtk nmap:nmap masscan:masscan zmap:zmap nft:nftables ip:iproute2; do
    PATH="$PATH:/usr/sbin" command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair##*:}"
done
[ -e /usr/share/orthanc/plugins/libOrthancDicomWeb.so ] || missing="$missing orthanc-dicomweb"
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing="$missing postgresql"
[ -n "$missing" ] || exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    export DEBIAN_FRONTEND=noninteractive
    # Debian starts a service on installation; these must not listen on this machine.
    policy=/usr/sbin/policy-rc.d
    [ -e "$policy" ] || { printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy" && made="$policy"; }
    apt-get update -qq
    # shellcheck disable=SC2086 # a list of package names
    apt-get install -y -qq --no-install-recommends $missing >/dev/null || echo "not installed:$missing" >&2
    [ -z "${made:-}" ] || rm -f "$made"
else
    echo "These peers are not here and cannot be installed by this user:$missing" >&2
fi
exit 0
