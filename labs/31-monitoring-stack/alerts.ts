import { z } from "zod";
import type { CheckHost } from "../check.ts";

const notification = z.object({
  alerts: z.array(
    z.object({
      status: z.enum(["firing", "resolved"]),
      labels: z.record(z.string(), z.string()),
      /** When it began and ended, as RFC 3339. */
      startsAt: z.string(),
      endsAt: z.string(),
    }),
  ),
});
export type Alert = z.infer<typeof notification>["alerts"][number];

/** All alerts of a name that the receiver was told of, the oldest first. */
export async function received(host: CheckHost, alertname: string): Promise<Alert[]> {
  const { code, stdout, stderr } = await host.run("docker logs alert-receiver");
  if (code !== 0) throw new Error(`the log of alert-receiver cannot be read: ${stderr.trim()}`);
  return stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .flatMap((line) => notification.parse(JSON.parse(line)).alerts)
    .filter(({ labels }) => labels.alertname === alertname);
}
