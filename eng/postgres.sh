# Sourced by ./stellarpay after eng/prerequisites.sh: a private PostgreSQL cluster of this checkout.
#   install_postgres               makes sure that the server's programs are here
#   start_private_cluster DIR PORT creates the cluster if need be and starts it; PRIVATE_CLUSTER_OPTIONS adds server options
#   private_cluster_connection DIR PORT prints its connection string
#   stop_private_cluster DIR       stops it; a cluster that does not run is no error
# All of them may be repeated. The server never runs as root: as root, it runs as the user postgres.
# shellcheck shell=bash

# A bare return says, in an EXIT trap, how the script ended, and not how this did: a cluster would be left running.
postgres_bin() {
    local dir
    for dir in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV) /usr/local/pgsql/bin; do
        if [ -x "$dir/initdb" ] && [ -x "$dir/pg_ctl" ]; then echo "$dir"; return 0; fi
    done
    if command -v initdb >/dev/null && command -v pg_ctl >/dev/null; then dirname "$(command -v initdb)"; return 0; fi
    return 1
}

postgres_version() {
    local bin
    bin=$(postgres_bin) && "$bin/postgres" --version
}

# Only the programs: Debian would also make and start a cluster of the system's own.
install_postgres() {
    if postgres_bin >/dev/null; then return; fi
    need_root PostgreSQL postgresql || return 1
    if [ -d /etc/apt ] && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
        "${SUDO[@]}" mkdir -p /etc/postgresql-common
        echo "create_main_cluster = false" | "${SUDO[@]}" tee /etc/postgresql-common/createcluster.conf >/dev/null
    fi
    apt_install PostgreSQL postgresql </dev/null
    postgres_bin >/dev/null || { echo "stellarpay: postgresql was installed, but its initdb is not found" >&2; return 1; }
}

# Runs a PostgreSQL program as the user who owns the cluster, in a folder that this user can enter.
as_postgres() {
    if [ "$(id -u)" -eq 0 ]; then
        (cd / && exec runuser -u postgres -- "$@")
    else
        (cd / && exec "$@")
    fi
}

port_is_taken() {
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# A folder below root's home is closed to the user postgres; such a cluster lives in /var/lib/stellarpay, and the folder
# asked for is a link to it.
private_cluster_home() {
    local dir=$1 home
    if [ -L "$dir" ] && [ -d "$dir" ]; then readlink -f "$dir"; return; fi
    if [ "$(id -u)" -ne 0 ] || runuser -u postgres -- test -x "$(dirname "$dir")"; then echo "$dir"; return; fi
    mkdir -p /var/lib/stellarpay
    home=$(mktemp -d /var/lib/stellarpay/XXXXXXXX)
    ln -sfn "$home" "$dir"
    echo "$home"
}

start_private_cluster() {
    local dir port=$2 bin home data
    mkdir -p "$(dirname "$1")"
    dir=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
    bin=$(postgres_bin) || { echo "PostgreSQL is missing." >&2; return 1; }
    home=$(private_cluster_home "$dir")
    data=$home/data
    if [ ! -d "$home" ]; then mkdir -p "$home"; fi
    if [ "$(id -u)" -eq 0 ]; then chown postgres: "$home"; fi
    chmod 700 "$home"

    if [ ! -s "$data/PG_VERSION" ]; then
        # A half-made cluster has no PG_VERSION yet, and nothing in it is worth keeping.
        rm -rf "$data"
        (umask 077 && od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$home/password")
        if [ "$(id -u)" -eq 0 ]; then chown postgres: "$home/password"; fi
        as_postgres "$bin/initdb" --pgdata="$data" --username=stellarpay --auth=scram-sha-256 \
            --pwfile="$home/password" --encoding=UTF8 --locale=C.UTF-8 >"$home/initdb.log" 2>&1 </dev/null \
            || { echo "initdb failed:" >&2; cat "$home/initdb.log" >&2; return 1; }
    fi

    if as_postgres "$bin/pg_ctl" --pgdata="$data" status >/dev/null 2>&1; then
        local running
        running=$(sed -n 4p "$data/postmaster.pid")
        if [ "$running" != "$port" ]; then
            echo "The private PostgreSQL in $dir already runs, on port $running instead of $port." >&2
            return 1
        fi
    else
        if port_is_taken "$port"; then
            echo "Port $port is taken; the private PostgreSQL needs it." >&2
            return 1
        fi
        # LZ4 where this server has it: PostgreSQL's own method takes several times as long over each page.
        local pages=on
        if as_postgres "$bin/postgres" -C wal_compression -c wal_compression=lz4 -D "$data" >/dev/null 2>&1; then pages=lz4; fi
        # setsid: Ctrl-C in the terminal reaches the script, which stops the server in its turn.
        as_postgres setsid "$bin/pg_ctl" --pgdata="$data" --log="$home/server.log" --wait --silent start \
            --options="-c port=$port -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
-c max_connections=200 -c shared_buffers=256MB -c max_wal_size=2GB -c wal_compression=$pages \
-c idle_in_transaction_session_timeout=60s ${PRIVATE_CLUSTER_OPTIONS:-}" >/dev/null 2>&1 </dev/null \
            || { echo "PostgreSQL did not start:" >&2; tail -n 20 "$home/server.log" >&2; return 1; }
    fi

    local password count
    password=$(cat "$home/password")
    count=$(PGPASSWORD=$password "$bin/psql" -X -h 127.0.0.1 -p "$port" -U stellarpay -d postgres -At \
        -c "SELECT count(*) FROM pg_database WHERE datname = 'stellarpay'" </dev/null)
    if [ "$count" != 1 ]; then
        PGPASSWORD=$password "$bin/createdb" -h 127.0.0.1 -p "$port" -U stellarpay stellarpay </dev/null
    fi
}

private_cluster_connection() {
    echo "Host=127.0.0.1;Port=$2;Database=stellarpay;Username=stellarpay;Password=$(cat "$1/password")"
}

stop_private_cluster() {
    local dir=$1 bin data
    if [ ! -e "$dir/data/postmaster.pid" ]; then return 0; fi
    data=$(cd "$dir/data" && pwd -P)
    bin=$(postgres_bin) || return 0
    if as_postgres "$bin/pg_ctl" --pgdata="$data" status >/dev/null 2>&1; then
        as_postgres "$bin/pg_ctl" --pgdata="$data" --mode=fast --wait --silent stop </dev/null >/dev/null
    fi
}
