import { overlay } from "../lab.ts";
import type { Topology } from "../topology.ts";

/** Waits until the engine of the host container $1 answers. */
const ready = `ready() {
  timeout 120 sh -c 'until docker exec "$0" docker version > /dev/null 2>&1; do sleep 0.05; done' "$1"
}
`;

/** Starts the Swarm on the manager, unless there is one. */
export const initScript = `set -eu
${ready}
ready "$MANAGER"
docker exec "$MANAGER" docker node ls > /dev/null 2>&1 || docker exec "$MANAGER" docker swarm init \\
  --advertise-addr "$ADDRESS" --data-path-addr "$ADDRESS" --default-addr-pool "$POOL" \\
  --default-addr-pool-mask-length "$POOL_SIZE" > /dev/null
`;

/** Brings the host container $WORKER in, unless it is. */
export const joinScript = `set -eu
${ready}
ready "$WORKER"
if [ "$(docker exec "$WORKER" docker info --format '{{.Swarm.LocalNodeState}}')" != active ]; then
  token=$(docker exec "$MANAGER" docker swarm join-token --quiet worker)
  docker exec "$WORKER" docker swarm join --token "$token" "$ADDRESS:2377" > /dev/null
fi
`;

/** Makes the overlay network, unless there is one, and waits until every node is ready. */
export const networkScript = `set -eu
docker exec "$MANAGER" docker network inspect ${overlay} > /dev/null 2>&1 ||
  docker exec "$MANAGER" docker network create --driver overlay --attachable ${overlay} > /dev/null
timeout 60 sh -c 'until [ "$(docker exec "$MANAGER" docker node ls --format "{{.Status}}" | grep -c Ready)" = "$NODES" ]; do
  sleep 0.05
done'
`;

/** All of it: the workers join at the same time. */
export const swarmScript = `set -eu
(${initScript})
pids=
for WORKER in $WORKERS; do
  (${joinScript}) &
  pids="$pids $!"
done
for pid in $pids; do wait "$pid"; done
${networkScript}`;

/** The variables of these scripts, $WORKER apart. */
export function swarmSettings({ plan, manager, workers }: Topology): Record<string, string> {
  return {
    MANAGER: manager.name,
    ADDRESS: manager.address,
    WORKERS: workers.map(({ name }) => name).join(" "),
    NODES: String(1 + workers.length),
    POOL: plan.swarm.overlayBase,
    POOL_SIZE: String(plan.swarm.overlaySize),
  };
}
