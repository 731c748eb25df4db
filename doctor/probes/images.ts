import { withoutRecipe } from "../../images/catalogue.ts";
import type { Probe } from "../facts.ts";

/** Images of the lab that only a registry has: without one the lab goes without them. */
export const images: Probe = ({ engine }, { plan, lab }) => {
  const missing = withoutRecipe(plan.images);
  const origin = plan.imageSource === "auto" ? engine.imageOrigin : plan.imageSource;
  return missing.map(({ name, reason }) => {
    const about = `image: ${name}`;
    if (origin !== "bootstrap") return { about, verdict: "ok", seen: "pulled from a registry" };
    const fix = "Where Docker Hub can be reached: `pulumi config set drydock:images registry`.";
    return { about, verdict: "warning", seen: `left out of ${lab.slug}: ${reason}`, fix };
  });
};
