/** Labels that Swarm and Compose give containers, in the order in which they name the service. */
export const engineLabels = [
  "com.docker.swarm.service.name",
  "com.docker.compose.service",
  "com.docker.swarm.task.name",
] as const;
