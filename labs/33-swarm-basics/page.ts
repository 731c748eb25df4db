import type { CheckHost } from "../check.ts";
import type { ConfigState, ServiceState } from "../engineState.ts";

/** Where nginx finds its page. */
export const pageTarget = "/usr/share/nginx/html/index.html";

/** The content of the config that a service shows as its page; undefined where it has none. */
export async function configuredPage({ Spec }: ServiceState, manager: CheckHost): Promise<string | undefined> {
  const configs = Spec.TaskTemplate.ContainerSpec.Configs ?? [];
  const reference = configs.find(({ File }) => File?.Name === pageTarget);
  if (!reference) return undefined;
  const config = await manager.engine<ConfigState>(`/configs/${reference.ConfigID}`);
  return Buffer.from(config.Spec.Data, "base64").toString();
}
