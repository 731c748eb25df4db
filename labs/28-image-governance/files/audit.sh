#!/usr/bin/env bash
# What the engines have asked, the oldest first: when, who, what, with which image, and the answer.
#   bash audit.sh          what changes something
#   bash audit.sh --all    what only looks, too
set -euo pipefail
all=false
[ "${1:-}" = --all ] && all=true
docker logs policy 2>&1 | grep '"Decision Log"' | jq --raw-output --argjson all "$all" '
  select($all or (.result.action | test("^(GET|HEAD) ") | not))
  | [(.time | sub("[.].*|Z$"; "")), .request_context.http.headers["X-Engine"][0], .result.action, .result.image,
     if .result.Allow then "yes" else "no: " + .result.Msg end]
  | join("  ")'
