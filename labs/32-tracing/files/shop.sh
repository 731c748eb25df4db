#!/usr/bin/env bash
# Starts the shop's three services from the code in /root/shop, anew if they run: bash shop.sh
# The shop answers on port 8080 of this host.
set -euo pipefail
[ -d /root/shop ] || { mkdir /root/shop && cp /root/lab/*.py /root/shop/; }
docker network inspect shop > /dev/null 2>&1 || docker network create shop > /dev/null
address=$(getent hosts "$(hostname)" | awk '{ print $1 }')
for service in stock orders front; do
  docker rm --force "$service" > /dev/null 2>&1 || true
  docker run --detach --name "$service" --network shop $([ "$service" != front ] || echo --publish 8080:8080) \
    --volume /root/shop:/shop:ro --env PYTHONDONTWRITEBYTECODE=1 \
    --env "OTEL_SERVICE_NAME=$service" --env "OTEL_EXPORTER_OTLP_ENDPOINT=http://$address:4318" \
    python:3.13-slim python3 "/shop/$service.py" > /dev/null
done
for _ in $(seq 100); do
  # Whether it answers is asked without the others: an order may fail.
  if docker exec front python3 -c 'import socket; [socket.create_connection((h, 8080), 2) for h in ("front", "orders", "stock")]' 2> /dev/null; then
    echo "the shop answers on http://$(hostname):8080"
    exit 0
  fi
  sleep 0.2
done
echo "after 20 s the shop does not answer; see docker logs front, orders, stock" >&2
exit 1
