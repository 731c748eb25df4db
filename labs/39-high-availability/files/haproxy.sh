#!/usr/bin/env bash
# Gives a command to the load balancer of this host while it runs, by its Runtime API:
#   bash haproxy.sh show stat
#   bash haproxy.sh set server servers/node-3 state drain
set -euo pipefail
exec 3<>/dev/tcp/127.0.0.1/9999
echo "$*" >&3
answer=$(cat <&3)
echo "$answer"
case $answer in "No such"* | Unknown* | "Can't"* | Invalid* | "Permission denied"*) exit 1 ;; esac
