import { element } from "./dom.ts";
import { showPicker } from "./panels/picker.ts";
import { SessionPage } from "./session-page.ts";

const TOO_OLD = "This browser is too old for this page: it cannot draw outside of the page's own thread.";

const identity = new URLSearchParams(location.search).get("session");
if (!("transferControlToOffscreen" in HTMLCanvasElement.prototype)) {
  document.body.prepend(element("p", { class: "empty", role: "alert" }, TOO_OLD));
} else if (identity) new SessionPage(identity).start();
else showPicker();
