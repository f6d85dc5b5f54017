import type { FakeSocket, SessionDriver } from "./session-driver.ts";

/** Lets a line take so many bytes a second to a viewer; what it has not taken waits. Returns what ends that. */
export function limitLine(driver: SessionDriver, socket: FakeSocket, bytesPerSecond: number): () => void {
  let speed = bytesPerSecond;
  let atMs = driver.nowMs;
  let waiting = 0;
  const send = socket.send.bind(socket);
  socket.bufferedBytes = () => {
    waiting = Math.max(0, waiting - ((driver.nowMs - atMs) * speed) / 1_000);
    atMs = driver.nowMs;
    return waiting;
  };
  socket.send = (message) => {
    waiting = socket.bufferedBytes()! + message.byteLength;
    send(message);
  };
  return () => {
    speed = Number.MAX_SAFE_INTEGER;
  };
}
