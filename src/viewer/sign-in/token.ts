/** What sign-in services call a token in a fragment (RFC 6749, 4.2.2). */
const MEMBER = "access_token";
/** In the storage of this tab, which ends with the tab. */
const STORED_AS = "slipstream-token";
/** What the server takes at most. */
const MAX_LENGTH = 8 * 1024;
/** Of which tokens consist (RFC 6750, 2.1). */
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/** The parts of a browser that signing in needs. */
export interface Place {
  readonly location: { readonly pathname: string; readonly search: string; readonly hash: string };
  readonly history: { replaceState(data: unknown, unused: string, url: string): void };
  readonly sessionStorage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
}

/**
 * The token of this tab; null without one. One handed over in the fragment (`#access_token=…`) is kept for the tab and
 * leaves the address bar, and its entry in the history, at once; everything else in the fragment stays.
 */
export function takeToken(place: Place): string | null {
  const { location, history } = place;
  const members = location.hash.replace(/^#/, "").split("&");
  const isToken = (member: string) => member.startsWith(`${MEMBER}=`);
  const handed = members.find(isToken);
  if (handed === undefined) return withStorage(place, (storage) => storage.getItem(STORED_AS));
  const rest = members.filter((member) => !isToken(member)).join("&");
  history.replaceState(null, "", `${location.pathname}${location.search}${rest && `#${rest}`}`);
  const token = tokenOf(decode(handed.slice(MEMBER.length + 1)));
  if (token !== null) keepToken(token, place);
  return token;
}

/** Keeps a token for this tab. */
export function keepToken(token: string, place: Pick<Place, "sessionStorage">): void {
  withStorage(place, (storage) => storage.setItem(STORED_AS, token));
}

/** Signs out: the token of this tab is gone. */
export function forgetToken(place: Pick<Place, "sessionStorage">): void {
  withStorage(place, (storage) => storage.removeItem(STORED_AS));
}

/** Browsers that are told to keep nothing refuse even to look: then a token lasts as long as the page. */
function withStorage<T>(
  place: Pick<Place, "sessionStorage">,
  use: (storage: Place["sessionStorage"]) => T,
): T | null {
  try {
    return use(place.sessionStorage);
  } catch {
    return null;
  }
}

/** What somebody has pasted, as a token: without white space around it or the word `Bearer` before it; null for what cannot be one. */
export function tokenOf(text: string): string | null {
  const token = text.trim().replace(/^bearer\s+/i, "");
  return token.length <= MAX_LENGTH && TOKEN.test(token) ? token : null;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
