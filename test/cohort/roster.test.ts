import fc from "fast-check";
import { expect, test } from "vitest";
import { csvText } from "../../cohort/csv.ts";
import { readRoster, refuseDuplicates } from "../../cohort/roster.ts";
import { keyPair } from "../engine/sshServer.ts";
import { learnerId } from "../../stacks/settings.ts";

test.each<[string, string, object[]]>([
  ["ids alone", "id\nada\ngrace\n", [{ id: "ada" }, { id: "grace" }]],
  [
    "names besides, in any order",
    "name,id\nAda Lovelace,ada\n,grace\n",
    [{ id: "ada", name: "Ada Lovelace" }, { id: "grace" }],
  ],
  [
    "quotes, a comma and a line break in them",
    'id,name\nada,"Lovelace,\n ""Ada"""\n',
    [{ id: "ada", name: 'Lovelace,\n "Ada"' }],
  ],
  [
    "what a spreadsheet writes: a mark of byte order, CRLF, empty lines",
    "\uFEFFid,name\r\nada,Ada\r\n\r\n",
    [{ id: "ada", name: "Ada" }],
  ],
  ["blanks around", "id , name\n ada , Ada \n", [{ id: "ada", name: "Ada" }]],
])("reads %s", (_, text, learners) => {
  expect(readRoster(text, "class.csv")).toEqual(learners);
});

test.each<[string, RegExp]>([
  ["", /class\.csv is empty/],
  ["id\n", /class\.csv names no learner/],
  ["ada\ngrace\n", /line 1: there is no column "ada".*known: id, name, sshKey/s],
  ["id;name\nada;Ada\n", /first line: received id;name; the separator must be a comma/],
  ['\uFEFFid;name\r\nada;"Lovelace, Ada"\r\n', /first line: received id;name; the separator must be a comma/],
  ["name\nAda\n", /line 1: received the columns name/],
  ["id,id\na,b\n", /line 1: received the columns id, id/],
  ["id\nada\nNot An Id\n", /line 3, column 1 \(id\): received "Not An Id"; allowed: 1 to 24/],
  ["name,id\nAda,\nGrace,-\n", /line 2, column 2 \(id\): received "";.*line 3, column 2 \(id\): received "-"/s],
  ["id,name\nada\n", /line 2, column 2: received 1 values; allowed: 2/],
  ["id\nada\nzoe,Zoe,x\n", /line 3, column 2: received 3 values; allowed: 1/],
  ['id,name\nada,"Ada\n', /no CSV that can be read:.*line 2, column 2: /s],
  ['id,name\nada,"A"da\n', /no CSV that can be read:.*line 2, column 2: /s],
  ['name,id\nZ"oe,zoe\n', /no CSV that can be read:.*line 2, column 1: /s],
  ['name,id\n"Z\nZ",zoe\n"A\nA\nA",-\n', /line 6, column 2 \(id\): received "-"/],
])("refuses %j", (text, message) => {
  expect(() => readRoster(text, "class.csv")).toThrow(message);
});

test("a file that is no UTF-8 is refused by line and column", () => {
  const latin = Buffer.from("id,name\nada,Ada\nzoe,Zo\xEB\n", "latin1");
  expect(() => csvText(latin, "class.csv")).toThrow(/class\.csv, line 3, column 2: no UTF-8/);
  expect(csvText(Buffer.from("id,name\nzoe,Zo\xEB\n"), "class.csv")).toContain("Zo\xEB");
});

test("whatever the names are, they come back as they were written", () => {
  const id = fc.stringMatching(learnerId);
  const name = fc.string({ unit: "grapheme" }).map((text) => text.trim());
  fc.assert(
    fc.property(fc.array(fc.record({ id, name }), { minLength: 1 }), (learners) => {
      const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
      const lines = learners.map((learner) => `${learner.id},${quoted(learner.name)}\n`);
      const expected = learners.map((learner) => (learner.name === "" ? { id: learner.id } : learner));
      expect(readRoster(`id,name\n${lines.join("")}`, "class.csv")).toEqual(expected);
    }),
  );
});

test("names each id that stands there twice", () => {
  const ids = ["ada", "grace", "ada", "ada"].map((id) => ({ id }));
  expect(() => refuseDuplicates(ids, "class.csv")).toThrow(
    /class\.csv names learners twice:.*ada: learners 1, 3, 4 of 4\n/s,
  );
  refuseDuplicates([{ id: "ada" }, { id: "grace" }], "class.csv");
});

test("reads public keys, and refuses private ones by line and column without a part of them", () => {
  const { publicKey, privateKey } = keyPair();
  const sshKey = `${publicKey} ada@laptop`;
  expect(readRoster(`id,sshKey\nada,${sshKey}\ngrace,\n`, "class.csv")).toEqual([
    { id: "ada", sshKey },
    { id: "grace" },
  ]);
  const refused = (cell: string) => {
    try {
      readRoster(`id,sshKey\ngrace,\nada,${cell}\n`, "class.csv");
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(refused("my key")).toContain('line 3, column 2 (sshKey): received "my key"; allowed: an SSH public key');
  for (const cell of [`"${privateKey}"`, privateKey]) {
    expect(refused(cell)).toContain("class.csv");
    for (const line of privateKey.split("\n").slice(1, 4)) expect(refused(cell)).not.toContain(line);
  }
});

test("names learners with the same key, whatever the comments are", () => {
  const { publicKey } = keyPair();
  const learners = ["ada", "grace"].map((id) => ({ id, sshKey: `${publicKey} ${id}` }));
  expect(() => refuseDuplicates(learners, "class.csv")).toThrow(
    /class\.csv gives learners the same SSH key:.*ada, grace/s,
  );
  refuseDuplicates([...learners.slice(1), { id: "alan" }, { id: "edsger" }], "class.csv");
});
