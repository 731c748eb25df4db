import type { Probe } from "../facts.ts";

/** Instances that the rest of the machine is left, and that a host with the learner's containers may take. */
const reserve = { others: 64, host: 8 };

/** Whether inotify has room: its limits count for all containers of a user together. */
export const inotify: Probe = ({ machine }, { plan }) => {
  if ("unseen" in machine) return [];
  const { inotifyInstances: instances, inotifyWatches: watches } = machine;
  const needed = reserve.others + reserve.host * plan.hosts.length;
  const seen = `${instances} instances, ${watches} watches`;
  if (instances >= needed) return [{ about: "inotify", verdict: "ok", seen }];
  const fix = `Raise it: sudo sysctl -w fs.inotify.max_user_instances=${Math.max(512, needed)}`;
  return [
    { about: "inotify", verdict: "warning", seen: `${seen}; ${plan.hosts.length} hosts may need ${needed}`, fix },
  ];
};
