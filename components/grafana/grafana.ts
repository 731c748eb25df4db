import * as pulumi from "@pulumi/pulumi";
import { serviceImage } from "../../images/catalogue.ts";
import type { ComponentOutput } from "../../stacks/outputs.ts";
import type { Plan } from "../../stacks/plan.ts";
import type { LabHost } from "../hosts/labHost.ts";
import { placeOf } from "../hosts/placeOf.ts";
import { HostService } from "../resources.ts";
import { grafanaFiles, grafanaPort, type GrafanaSource } from "./grafanaFiles.ts";

export interface GrafanaArgs {
  plan: Plan;
  host: LabHost;
  source: GrafanaSource;
}

const deadlineSec = 90;

/** Grafana on a host, as the container `grafana`, where its image can be had; elsewhere it is left out. */
export class Grafana extends pulumi.ComponentResource {
  readonly output: pulumi.Output<ComponentOutput>;

  constructor(name: string, { plan, host, source }: GrafanaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("drydock:index:Grafana", name, {}, opts);
    const image = serviceImage("grafana");
    const url = `http://${host.address}:${grafanaPort}`;
    const probe = `curl -fsS --max-time 2 -o /dev/null ${url}/api/health 2>&1`;
    new HostService(
      name,
      {
        ...placeOf(plan, host),
        name: "grafana",
        image: image.names[0],
        optional: true,
        command: [],
        memoryMib: 256,
        files: grafanaFiles(host.address, source),
        user: "0:0",
        volumes: {},
        probe,
        deadlineSec,
      },
      { parent: this, deletedWith: host.goesWith },
    );
    const there = `docker image inspect ${image.names[0]} > /dev/null 2>&1`;
    this.output = pulumi.output({
      name: "grafana",
      kind: "dashboards",
      host: host.name,
      address: url,
      page: url,
      probe: `${there} || { echo "left out: ${image.noRecipe}"; exit 1; }; ${probe}`,
    });
    this.registerOutputs();
  }
}
