import { delimiter, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { environment } from "../../setup/environment.ts";
import { toolFolder, tools } from "../../setup/tools.ts";

const home = "/srv/the learner's home/$HOME `id`";

test("Pulumi comes before whatever else is on PATH, and evaluating twice changes nothing", () => {
  const once = environment(home, { PATH: "/usr/local/bin:/usr/bin" });
  const entries = once.PATH?.split(delimiter) ?? [];
  expect(entries[0]).toBe(toolFolder(home, tools()[0]));
  expect(entries).toContain(dirname(process.execPath));
  expect(entries.slice(-2)).toEqual(["/usr/local/bin", "/usr/bin"]);
  expect(environment(home, once)).toEqual(once);
});

test("state, passphrase and plugins are the home's", () => {
  expect(environment("/srv/home", {})).toMatchObject({
    DRYDOCK_HOME: "/srv/home",
    PULUMI_HOME: "/srv/home/pulumi",
    PULUMI_BACKEND_URL: "file:///srv/home/state",
    PULUMI_CONFIG_PASSPHRASE_FILE: "/srv/home/passphrase",
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
  });
});

test("a backend that the caller's environment names is not Drydock's", () => {
  const other = { PULUMI_BACKEND_URL: "s3://states", PULUMI_CONFIG_PASSPHRASE_FILE: "/own" };
  expect(environment(home, other)).toEqual(environment(home, {}));
  expect(environment(home, environment("/srv/other", {}))).toEqual(environment(home, {}));
});

test("a home whose name has a meaning in URLs is the backend all the same", () => {
  const odd = "/srv/C# course, 100%?/\u00e9";
  const { PULUMI_BACKEND_URL: url = "", PULUMI_CONFIG_PASSPHRASE_FILE: file } = environment(odd, {});
  expect(url).toBe("file:///srv/C%23%20course,%20100%25%3F/%C3%A9/state");
  expect(fileURLToPath(url)).toBe(`${odd}/state`);
  expect(file).toBe(`${odd}/passphrase`);
});
