#!/usr/bin/env bash
# To a new version without losing a message: a backup, the new program beside the old one, then one gateway after the other.
#   deploy/upgrade.sh jushe-0.2.0-py3-none-any.whl 8081 8082
set -euo pipefail
wheel=${1:?which wheel}; shift
[ "$#" -ge 1 ] || { echo "which ports"; exit 2; }
root=${JUSHE_ROOT:-/opt/jushe}
old=$(readlink "$root/current")
new="$root/$(basename "$wheel" .whl)-$(date +%Y%m%d%H%M%S)"

ready() {
  for _ in $(seq 60); do
    curl -fsS -o /dev/null --max-time 2 "http://127.0.0.1:$1/readyz" && return 0
    sleep 0.5
  done
  return 1
}

switch() { ln -sfn "$1" "$root/next" && mv -Tf "$root/next" "$root/current"; }

systemctl start jushe-backup.service
python3 -m venv "$new" && "$new/bin/pip" install -q "$wheel"
switch "$new"
first=$1
for port in "$@"; do
  # the proxy must have seen that the one before is there again: 2 s between its looks and 3 s that it stays away
  [ "$port" = "$first" ] || sleep "${JUSHE_SEEN:-6}"
  systemctl restart "jushe@$port"  # SIGTERM: it answers what it has begun and ends within ten seconds
  if ! ready "$port"; then
    echo "jushe@$port did not get ready with the new version: back to the old one" >&2
    switch "$old"
    systemctl restart "jushe@$port"
    ready "$port" || echo "nor with the old one (after a migration it cannot: see Going back in docs/operate.md)" >&2
    exit 1
  fi
  echo "jushe@$port is on $(basename "$new")"
done
