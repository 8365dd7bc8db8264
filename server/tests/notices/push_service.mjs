// A push service of the tests (RFC 8030): it checks who sends (RFC 8292), decrypts what it gets as the browser would (RFC 8291), and prints a line
// for each message. It shares no code with the server. Its arguments are browsers, each `BEHAVIOUR/NAME`; its first line has their keys.
import crypto from "node:crypto";
import http from "node:http";

const DAY = 24 * 60 * 60;
const say = (line) => console.log(JSON.stringify(line));
const decoded = (text) => Buffer.from(text, "base64url");
const browsers = new Map(
  process.argv.slice(2).map((path) => {
    const keys = crypto.createECDH("prime256v1");
    keys.generateKeys();
    return [`/${path}`, { keys, auth: crypto.randomBytes(16), tries: 0 }];
  }),
);

const derived = (key, salt, info, length) => Buffer.from(crypto.hkdfSync("sha256", key, salt, info, length));

const decrypt = ({ keys, auth }, body) => {
  if (body.length > 4096) throw new Error(`a body of ${body.length} bytes`);
  const [salt, size, keyEnd] = [body.subarray(0, 16), body.readUInt32BE(16), 21 + body[20]];
  const [sender, record] = [body.subarray(21, keyEnd), body.subarray(keyEnd)];
  if (record.length > size) throw new Error("more than one record");
  const info = Buffer.concat([Buffer.from("WebPush: info\0"), keys.getPublicKey(), sender]);
  const secret = derived(keys.computeSecret(sender), auth, info, 32);
  const key = derived(secret, salt, "Content-Encoding: aes128gcm\0", 16);
  const nonce = derived(secret, salt, "Content-Encoding: nonce\0", 12);
  const decipher = crypto.createDecipheriv("aes-128-gcm", key, nonce);
  decipher.setAuthTag(record.subarray(-16));
  const text = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
  const end = text.findLastIndex((byte) => byte !== 0);
  if (text[end] !== 2) throw new Error("no mark of the last record");
  return JSON.parse(text.subarray(0, end).toString());
};

const sender = (authorization, origin) => {
  const [, token, key] = authorization.match(/^vapid t=([^,]+), k=([\w-]+)$/);
  const [header, claims, signature] = token.split(".");
  const point = decoded(key);
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString("base64url"));
  const publicKey = crypto.createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" });
  const signed = { key: publicKey, dsaEncoding: "ieee-p1363" };
  if (!crypto.verify("sha256", Buffer.from(`${header}.${claims}`), signed, decoded(signature))) {
    throw new Error("the signature is another's");
  }
  const { aud, exp, sub } = JSON.parse(decoded(claims));
  const left = exp - Date.now() / 1000;
  if (JSON.parse(decoded(header)).alg !== "ES256" || aud !== origin || !(left > 0 && left <= DAY)) {
    throw new Error(`a word for ${aud} until ${exp}`);
  }
  return { key, sub };
};

// Takes the second message, and later ones.
const again = (answer, tries, seconds) =>
  (tries > 1 ? answer.writeHead(201) : answer.writeHead(503, { "retry-after": seconds })).end();

const BEHAVIOURS = {
  ok: (answer) => answer.writeHead(201).end(),
  gone: (answer) => answer.writeHead(410).end(),
  refuse: (answer) => answer.writeHead(403).end("go away"),
  later: (answer, tries) => again(answer, tries, "1"),
  patient: (answer, tries) => again(answer, tries, "5"),
  redirect: (answer) => answer.writeHead(307, { location: "/ok/other" }).end(),
  never: () => {},
  endless: (answer) => {
    answer.writeHead(201);
    const more = () => {
      while (!answer.destroyed && answer.write(Buffer.alloc(16384)));
    };
    answer.on("drain", more);
    more();
  },
};

const server = http.createServer(async (request, answer) => {
  const { url: path, method, headers } = request;
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = Buffer.concat(parts);
  const browser = browsers.get(path);
  if (!browser || method !== "POST") {
    say({ path, error: `${method} of nobody` });
    return answer.writeHead(404).end();
  }
  browser.tries += 1;
  try {
    const { ttl, urgency, topic, "content-encoding": encoding } = headers;
    const message = decrypt(browser, body);
    const { key, sub } = sender(headers.authorization, `http://${headers.host}`);
    say({ path, tries: browser.tries, message, ttl: Number(ttl), urgency, topic, encoding, key, sub, size: body.length });
  } catch (error) {
    say({ path, error: String(error) });
  }
  BEHAVIOURS[path.split("/")[1]](answer, browser.tries);
});

server.listen(0, "127.0.0.1", () => {
  const origin = `http://127.0.0.1:${server.address().port}`;
  const told = [...browsers].map(([path, { keys, auth }]) => [
    path.slice(1),
    { endpoint: origin + path, p256dh: keys.getPublicKey("base64url"), auth: auth.toString("base64url") },
  ]);
  say({ origin, browsers: Object.fromEntries(told) });
});
