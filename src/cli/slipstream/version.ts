import { readFileSync } from "node:fs";

// Read, not imported: Node 20 warns of an import of JSON.
const manifest = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");

export const VERSION: string = (JSON.parse(manifest) as { version: string }).version;
