import { hostContract } from "../../contract/hostKind.ts";
import { contractLab } from "./contractLab.ts";

hostContract("container", () => contractLab("container"));
