import { hostContract } from "../../contract/hostKind.ts";
import { contractLab } from "./contractLab.ts";

hostContract("vm", () => contractLab("vm"));
