const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Whether what is fetched there comes as it was sent: over TLS, or from this machine. */
export function isProtected(url: URL | null): boolean {
  return url?.protocol === "https:" || (url?.protocol === "http:" && LOOPBACK.test(url.hostname));
}
