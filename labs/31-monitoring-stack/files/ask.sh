# Asks Prometheus, and shows each series with its value. Usage: sh ask.sh QUERY, such as
#   sh ask.sh 'sum by (host) (up)'
set -eu
curl -fsSG --max-time 20 http://manager-1:9090/api/v1/query --data-urlencode "query=$1" |
  sed 's/{"metric":/\n{"metric":/g' | grep '^{"metric":' | sed 's/^{"metric":\({[^}]*}\),"value":\[[^,]*,"\([^"]*\)".*/\2  \1/'
