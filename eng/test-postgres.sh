#!/bin/sh
# A PostgreSQL server that tests share and that nobody has to stop: it lives as long as the standard input is open, and
# leaves nothing behind. Prints "ready PORT" once it serves the user stellarpay, else what went wrong.
# run-tests.sh starts one for a whole run; tests/Shared/PostgresCluster.cs one for a test program that runs alone.
set -u
trap '' INT TERM HUP
for bin in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV) $(printf %s "$PATH" | tr : ' '); do
  [ -x "$bin/initdb" ] && [ -x "$bin/pg_ctl" ] && break
  bin=
done
if [ -z "$bin" ]; then
  echo "These tests need PostgreSQL's programs: run ./stellarpay test once, which installs them, install the package postgresql, or set STELLARPAY_TEST_POSTGRES."
  exit 1
fi

# PostgreSQL refuses to run as root.
as=
[ "$(id -u)" -ne 0 ] || as='setpriv --reuid=postgres --regid=postgres --init-groups --'
# Each database is some six hundred files, and a file system on a disk takes longest over making and removing them: in memory
# they cost a fifth of the processor's time. It must be there with room to spare: 3 GB of files, and twice that of memory.
in_memory() {
  [ "$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)" -ge 3145728 ] 2>/dev/null &&
    [ "$(sed -n 's/^MemAvailable: *\([0-9]*\) kB$/\1/p' /proc/meminfo)" -ge 6291456 ] 2>/dev/null
}
folder=${TMPDIR:-/tmp}
! in_memory || folder=/dev/shm
dir=$($as mktemp -d "$folder/stellarpay-pg-XXXXXX" 2>/dev/null) || dir=$($as mktemp -d /tmp/stellarpay-pg-XXXXXX) || exit 1
cd "$dir" || exit 1

# Nothing here needs to last, so nothing waits for the disk. A port may be taken between the draw and the start.
start() {
  port=$(awk -v seed="$$$1" 'BEGIN { srand(seed); print 20000 + int(rand() * 12000) }')
  $as "$bin/pg_ctl" -D "$dir/data" -l "$dir/server.log" -w -s -t 60 start -o "-c port=$port -k $dir \
    -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c wal_level=minimal \
    -c max_wal_senders=0 -c max_connections=500 -c shared_buffers=128MB \
    -c max_wal_size=256MB -c autovacuum_naptime=10min" >"$dir/start.log" 2>&1 </dev/null
}
if $as "$bin/initdb" -D "$dir/data" -U stellarpay -A trust -E UTF8 --locale=C.UTF-8 --no-sync >initdb.log 2>&1 &&
  { start 1 || start 2 || start 3; }; then
  echo "ready $port"
else
  cat initdb.log start.log server.log 2>/dev/null | tail -n 20
fi
cat >/dev/null
$as "$bin/pg_ctl" -D "$dir/data" -m immediate -w -s stop >/dev/null 2>&1 </dev/null
cd / && rm -rf "$dir"
