import { showPicker } from "./panels/picker.ts";
import { SessionPage } from "./session-page.ts";

const identity = new URLSearchParams(location.search).get("session");
if (identity) new SessionPage(identity).start();
else showPicker();
