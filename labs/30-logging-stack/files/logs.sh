# Asks Loki for logs, with Loki's own command line. Usage: sh logs.sh QUERY [OPTION...], such as
#   sh logs.sh '{service="shop_web"}' --limit=20
# Options are logcli's; without any it shows the last 30 lines of the last hour, the newest first. Of what comes with a line
# it shows the node and the task; --include-label=NAME shows more.
set -eu
exec docker run --rm --network host grafana/logcli:3.7.8 --addr=http://manager-1:3100 --quiet \
  query --include-label=host --include-label=task "$@"
