import { SessionPage } from "./session-page.ts";
import { showStartPage } from "./start-page.ts";

const identity = new URLSearchParams(location.search).get("session");
if (identity) new SessionPage(identity).start();
else await showStartPage();
