import { existsSync } from "node:fs";

/** Debian's own, which finds what its packages install; elsewhere the one on PATH. */
export const PYTHON = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
