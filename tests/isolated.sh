#!/bin/sh
# Runs a command in a network namespace of its own, with loopback up and nothing else.
# Where the kernel allows that to nobody (some containers), it says so and fails: a tool about open doors does not
# open one.
set -eu
enter='ip link set lo up && exec "$@"'
if [ "$(id -u)" = 0 ] && unshare --net true 2>/dev/null; then
    exec unshare --net sh -c "$enter" sh "$@"
elif unshare --user --map-root-user --net true 2>/dev/null; then
    exec unshare --user --map-root-user --net sh -c "$enter" sh "$@"
elif [ "$(uname)" != Linux ] && [ "${LEADGLASS_TEST_IN_THE_OPEN:-}" = yes ]; then
    exec "$@"
fi
echo "The tests need a network namespace of their own (unshare, from util-linux): run them as root, or allow" >&2
echo "unprivileged user namespaces. Not on Linux? LEADGLASS_TEST_IN_THE_OPEN=yes runs them on this machine's" >&2
echo "loopback; leave out the real servers then, since they listen on every interface: make unit." >&2
exit 1
