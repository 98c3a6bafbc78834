#!/bin/sh
# masscan, ZMap and nmap look at a few listeners over a pair of virtual network devices, and leave their outputs in the
# working directory. Run it in a network namespace of its own; the far end of the pair is in a second one.
set -eu
PATH="$PATH:/usr/sbin:/sbin"
python=$1
ip link set lo up
unshare --net sleep 60 &
far=$!
listeners=
trap 'kill $far $listeners 2>/dev/null || true' EXIT
until [ "$(readlink /proc/$far/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do :; done
inside="nsenter --net=/proc/$far/ns/net"
ip link add near type veth peer name far
ip link set far netns $far
ip address add 10.77.0.1/24 dev near
ip link set near up
$inside ip link set lo up
$inside ip address add 10.77.0.2/24 dev far
$inside ip link set far up
$inside ip route add local 10.78.0.0/24 dev lo
ip route add 10.78.0.0/24 via 10.77.0.2
mac=$($inside ip -o link show far | sed 's/.*link.ether \([0-9a-f:]*\).*/\1/')
ip neighbour replace 10.77.0.2 lladdr "$mac" dev near
$inside "$python" -c '
import signal, socket
places = ("10.78.0.5", 104), ("10.78.0.5", 11112), ("10.78.0.77", 11112), ("10.78.0.200", 104)
kept = [socket.create_server(place) for place in places]
print("ready", flush=True)
signal.pause()' >ready &
listeners=$!
until grep -q ready ready; do :; done
masscan="masscan 10.78.0.0/24 -p104,11112 --rate 1000 --wait 2 --retries 2 --adapter near --adapter-ip 10.77.0.1"
# A seed of its own choice makes ZMap 2.1.1 abort on an assertion once in a few hundred scans of a network this small.
zmap="zmap 10.78.0.0/24 -i near -G $mac -b /dev/null -c 2 -q -r 1000 -P 2 -e 20190917"
running=
$masscan --router-mac "$mac" -oJ masscan.json >/dev/null 2>&1 & running="$running $!"
$masscan --router-mac "$mac" -oL masscan.list >/dev/null 2>&1 & running="$running $!"
$zmap -p 11112 -s 41000-41999 -o zmap.csv 2>/dev/null & running="$running $!"
$zmap -p 104 -s 42000-42999 -O csv -f saddr,sport,classification,success -o zmap-fields.csv 2>/dev/null & running="$running $!"
$zmap -p 104 -s 43000-43999 -O json -f saddr,sport,success -o zmap.json 2>/dev/null & running="$running $!"
nmap -sT -n -Pn -p 104,11112 -oX nmap.xml 10.78.0.5 10.78.0.77 10.78.0.9 10.78.0.200 >/dev/null
for one in $running; do wait "$one"; done
