import type { SessionDriver } from "../fakes/session-driver.ts";
import type { Random } from "./random.ts";

type Break = (driver: SessionDriver, chance: () => boolean) => void;

/** A fault of the gateway, put in place of answers. */
function instead(answer: (body: unknown) => Response): Break {
  return (driver, chance) => {
    driver.redis.fault = ({ body }) => (chance() ? answer(body) : undefined);
  };
}

/** A fault that strikes after the server has done what was asked. */
function afterwards(spoil: (reply: Response) => Response | Promise<Response>): Break {
  return (driver, chance) => {
    driver.redis.spoil = (reply) => (chance() ? spoil(reply) : reply);
  };
}

function forEach(body: unknown, answer: unknown, status = 200): Response {
  const isBatch = Array.isArray(body) && Array.isArray(body[0]);
  return isBatch ? Response.json(body.map(() => answer)) : Response.json(answer, { status });
}

function reset(): never {
  throw new TypeError("connection reset");
}

const FAULTS: Readonly<Record<string, Break>> = {
  "500": instead(() => new Response("oops", { status: 500 })),
  "429": instead(() => Response.json({ error: "slow down" }, { status: 429 })),
  "502 in HTML": instead(() => new Response("<html>Bad gateway</html>", { status: 502 })),
  "200 in HTML": instead(() => new Response("<html>maintenance</html>")),
  "an empty reply": instead(() => new Response("")),
  "a wrong shape": instead(() => Response.json({ result: { a: 1 } })),
  "wrong results": instead((body) => forEach(body, { result: 7 })),
  "an error of Redis": instead((body) => forEach(body, { error: "LOADING Redis is loading" }, 400)),
  "a reset": instead(reset),
  "a reset after the work": afterwards(reset),
  "a reply cut in half": afterwards(async (reply) => {
    const text = await reply.text();
    return new Response(text.slice(0, text.length >> 1));
  }),
  "a hang": (driver, chance) => {
    driver.redis.fault = async () => {
      if (!chance()) return undefined;
      await driver.pass(5_000);
      return reset();
    };
  },
};

/** Breaks the gateway: for all requests, or for some. */
export function breakGateway(driver: SessionDriver, random: Random): string {
  const [name, fault] = random.pick(Object.entries(FAULTS));
  const share = random.chance(0.6) ? 1 : 0.5;
  fault(driver, () => random.chance(share));
  return `${name}${share < 1 ? ", now and then" : ""}`;
}

export function mendGateway(driver: SessionDriver): void {
  driver.redis.fault = undefined;
  driver.redis.spoil = undefined;
}
