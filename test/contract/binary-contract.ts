import { createCipheriv } from "node:crypto";
import { Redis } from "@upstash/redis/cloudflare";
import { describe, expect, test } from "vitest";
import type { Subject } from "./gateway-contract.ts";
import { decode } from "./rest-client.ts";

type Entries = [id: string, fields: string[]][];

/** Payloads arrive as they were sent, whatever they look like to a parser. */
export function binaryContract(subject: Subject): void {
  const payloads: [string, Uint8Array<ArrayBuffer>][] = [
    ["every byte", Uint8Array.from({ length: 256 }, (_, byte) => byte)],
    ["1 MiB of noise", noise(1024 * 1024)],
    ["what is 1234 in base64", Buffer.from("1234", "base64")],
    ["what is null in base64", Buffer.from("null", "base64")],
    ["what is true in base64", Buffer.from("true", "base64")],
    ["the text OK", Buffer.from("OK")],
    ["bytes that are no UTF-8", Buffer.from("c328a0a1e28281", "hex")],
    ["JSON", Buffer.from('{"result":"OK"}')],
  ];

  describe("binary values", () => {
    test.each(payloads)("%s come back from GET, XRANGE and XREAD", async (_, bytes) => {
      const [key, stream] = [subject.key("value"), subject.key("stream")];
      await subject.rest.write(`/set/${key}`, bytes);
      await subject.rest.write(`/xadd/${stream}/*/data`, bytes);
      expectBytes(await subject.rest.run("GET", key), bytes);
      const range = (await subject.rest.run("XRANGE", stream, "-", "+")) as Entries;
      expectBytes(range[0]![1][1], bytes);
      const [[, entries]] = (await subject.rest.run("XREAD", "STREAMS", stream, "0")) as [[string, Entries]];
      expectBytes(entries[0]![1][1], bytes);
    });

    test("a field and a value that read OK", async () => {
      const stream = subject.key("stream");
      await subject.rest.run("XADD", stream, "*", "OK", "OK");
      const [[, fields]] = (await subject.rest.run("XRANGE", stream, "-", "+")) as [[string, string[]]];
      expect(fields.map((field) => decode(field).toString())).toEqual(["OK", "OK"]);
    });

    test("an empty value", async () => {
      const stream = subject.key("stream");
      await subject.rest.run("XADD", stream, "*", "data", "");
      const [[, fields]] = (await subject.rest.run("XRANGE", stream, "-", "+")) as [[string, string[]]];
      expect(fields.map((field) => decode(field).toString())).toEqual(["data", ""]);
    });

    test("a key of any bytes, in the path and in replies", async () => {
      const prefix = subject.key("binary");
      const key = Buffer.concat([Buffer.from(prefix), Uint8Array.of(0, 0xff, 0xfe, 0x2f, 0x25)]);
      const path = `${prefix}%00%ff%FE%2F%25`;
      await subject.rest.write(`/xadd/${path}/1-0/data`, Uint8Array.of(1));
      const answer = await subject.rest.request("GET", `/xread/streams/${path}/0`);
      const { result } = answer.json as { result: [[string, Entries]] };
      expectBytes(result[0][0], key);
      expect((await subject.rest.request("GET", `/del/${path}`)).json).toEqual({ result: 1 });
    });
  });

  describe("the Upstash SDK, set up to leave base64 alone", () => {
    test("reads exact bytes through exec, pipeline and multi", async () => {
      const redis = rawSdk(subject.rest.url, subject.token);
      const stream = subject.key("sdk");
      await subject.rest.write(`/xadd/${stream}/1-0/data`, payloads[0]![1]);
      await subject.rest.write(`/xadd/${stream}/2-0/data`, payloads[2]![1]);
      const [[name, entries]] = await redis.exec<[[string, Entries]]>(["XREAD", "STREAMS", stream, "0"]);
      expectBytes(name, Buffer.from(stream));
      expectBytes(entries[0]![1][1], payloads[0]![1]);
      expectBytes(entries[1]![1][1], payloads[2]![1]);
      for (const batch of [redis.pipeline(), redis.multi()]) {
        const [value, length] = await batch.xlen(stream).type(stream).exec<[number, string]>();
        expect([value, decode(length).toString()]).toEqual([2, "stream"]);
      }
    });

    test("no news is null", async () => {
      const redis = rawSdk(subject.rest.url, subject.token);
      expect(await redis.exec(["XREAD", "STREAMS", subject.key("absent"), "0"])).toBeNull();
    });

    test("an error of Redis is thrown with its text", async () => {
      const redis = rawSdk(subject.rest.url, subject.token);
      const key = subject.key("sdk");
      await subject.rest.run("SET", key, "text");
      await expect(redis.xlen(key)).rejects.toThrow(/WRONGTYPE/);
    });
  });
}

/** The same bytes in every run, without any pattern: a key stream. */
function noise(bytes: number): Uint8Array<ArrayBuffer> {
  const cipher = createCipheriv("aes-128-ctr", Buffer.alloc(16), Buffer.alloc(16));
  return cipher.update(Buffer.alloc(bytes));
}

function expectBytes(value: unknown, bytes: Uint8Array): void {
  const difference = Buffer.compare(decode(value), bytes);
  expect(difference, "the bytes as they were written").toBe(0);
}

function rawSdk(url: string, token: string): Redis {
  const redis = new Redis({
    url,
    token,
    responseEncoding: false,
    automaticDeserialization: false,
    enableAutoPipelining: false,
    enableTelemetry: false,
    retry: { retries: 0 },
  });
  redis.use((request, next) =>
    next({ ...request, headers: { ...request.headers, "Upstash-Encoding": "base64" } }),
  );
  return redis;
}
