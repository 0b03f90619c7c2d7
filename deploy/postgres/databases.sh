#!/bin/sh
# Makes a role and a database of that role alone for each process. The postgres image runs it once, on an empty cluster.
# Passwords: <PROCESS>_DATABASE_PASSWORD in the environment; a missing one stops it.
set -eu
for name in identity shop licensing notifications gateway; do
  variable="$(printf '%s' "$name" | tr '[:lower:]' '[:upper:]')_DATABASE_PASSWORD"
  eval "password=\${$variable:?}"
  psql --set=ON_ERROR_STOP=1 --set=name="$name" --set=password="$password" --username "$POSTGRES_USER" --dbname postgres <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name" ENCODING 'UTF8' TEMPLATE template0;
REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
SQL
done
