// The option `webhooks`: addresses that are told of writes. The requests are signed as https://www.standardwebhooks.com says.
import { readFileSync } from "node:fs";
import { ConfigError, checkBoolean, checkKeys } from "../base/config-error.js";
import { sha256 } from "../base/sha256.js";
import { type Listener, type OutboxEvent, outboxEvents } from "../run/outbox.js";
import type { Destination } from "./destination.js";
import { checkEvents, checkTables, checkTimeout } from "./outbox-options.js";
import { post } from "./send.js";
import { keyOfSecret, signatureOf } from "./signature.js";

/** A secret, or the variable that holds it; with `_FILE` behind its name the variable says in which file it stands. */
export type WebhookSecret = string | { readonly env: string };

export interface WebhookOptions {
  /** A table of the API, or several. */
  readonly table: string | readonly string[];
  /** Default all: `create`, `update`, `delete`. */
  readonly on?: readonly OutboxEvent[];
  /** Where to: `https://…`. */
  readonly url: string;
  /** `whsec_` and 24 to 64 bytes in base64. While one is being replaced, several: each of them signs. */
  readonly secret: WebhookSecret | readonly WebhookSecret[];
  /** May the address be in a private network, on this machine, or without TLS? Default `false`. */
  readonly allowPrivate?: boolean;
  /** Seconds until each further attempt. After the last one the message is given up. Default: nine, from 5 seconds to a day. */
  readonly retries?: readonly number[];
  /** Seconds that one attempt may take. Default 15. */
  readonly timeout?: number;
}

/** The standard's own example (Deliverability and reliability). */
const RETRIES: readonly number[] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
const TIMEOUT = 15;
const keys = ["table", "on", "url", "secret", "allowPrivate", "retries", "timeout"];

/** Throws a `ConfigError` for a mistake. */
export function checkWebhooks(options: unknown): void {
  if (options === undefined) return;
  if (!Array.isArray(options)) throw new ConfigError("options.webhooks", "is a list: [{ table, url, secret }].");
  for (const [i, entry] of options.entries()) checkWebhook(entry, `options.webhooks[${i}]`);
}

function checkWebhook(entry: WebhookOptions, place: string): void {
  checkKeys(entry, keys, place);
  checkTables(entry.table, `${place}.table`);
  checkEvents(entry.on, `${place}.on`);
  checkBoolean(entry.allowPrivate, `${place}.allowPrivate`);
  checkTimeout(entry.timeout, `${place}.timeout`);
  const { url, retries, allowPrivate } = entry;
  const { protocol, username } = URL.canParse(url) ? new URL(url) : { protocol: "", username: "" };
  if (protocol !== "https:" && !(protocol === "http:" && allowPrivate === true))
    throw new ConfigError(`${place}.url`, "is an address that begins with https://; http:// needs allowPrivate: true.");
  if (username !== "")
    throw new ConfigError(`${place}.url`, "holds a password: its requests are known by their signature.");
  const fits = (seconds: unknown) => typeof seconds === "number" && seconds >= 0 && seconds <= 2_592_000;
  if (retries !== undefined && !(Array.isArray(retries) && retries.length <= 100 && retries.every(fits)))
    throw new ConfigError(`${place}.retries`, "is a list of at most 100 numbers of seconds, such as [5, 300, 1800].");
}

/** Requests to one address share a queue, whichever tables they tell of. Its name shows no path, as the address may be a secret. */
const queueOf = ({ url }: WebhookOptions): string => `webhook ${new URL(url).host} ${sha256(url).slice(0, 8)}`;

export const webhookListeners = (entry: WebhookOptions): Listener[] =>
  [entry.table].flat().map((table) => ({ queue: queueOf(entry), strict: false, table, on: entry.on ?? outboxEvents }));

/** Returns one destination for each address. Throws a `ConfigError` where a secret cannot be read, or two entries of one address differ. */
export function destinationsOf(entries: readonly WebhookOptions[]): readonly Destination[] {
  const found = new Map<string, { readonly said: string; readonly destination: Destination }>();
  for (const [i, entry] of entries.entries()) {
    const place = `options.webhooks[${i}]`;
    const destination = destinationOf(entry, place);
    const { table: _, on: __, ...rest } = entry;
    const said = JSON.stringify(rest);
    const other = found.get(destination.queue);
    if (other !== undefined && other.said !== said)
      throw new ConfigError(`${place}.url`, "stands in another entry too, with another secret or other options.");
    found.set(destination.queue, { said, destination });
  }
  return [...found.values()].map(({ destination }) => destination);
}

function destinationOf(entry: WebhookOptions, place: string): Destination {
  const { allowPrivate = false, retries = RETRIES, timeout = TIMEOUT } = entry;
  const url = new URL(entry.url);
  const signing = [entry.secret].flat().map((secret) => signingKey(secret as WebhookSecret, `${place}.secret`));
  return {
    queue: queueOf(entry),
    timeout: timeout * 1000,
    strict: false,
    pause: (attempts) => retries[attempts - 1],
    deliver: (id, body, signal) => {
      const seconds = Math.floor(Date.now() / 1000);
      const headers = {
        "content-type": "application/json",
        "user-agent": "sapwood",
        "webhook-id": id,
        "webhook-timestamp": String(seconds),
        "webhook-signature": signatureOf(signing, id, seconds, body),
      };
      return post({ url, allowPrivate }, headers, body, signal);
    },
  };
}

function signingKey(secret: WebhookSecret, place: string): Buffer {
  const key = keyOfSecret(textOf(secret, place));
  // The message does not repeat the text: it may be the secret.
  if (key === undefined)
    throw new ConfigError(place, "is whsec_ and 24 to 64 bytes in base64: echo whsec_$(openssl rand -base64 32).");
  return key;
}

function textOf(secret: WebhookSecret, place: string): string {
  if (typeof secret === "string") return secret;
  checkKeys(secret, ["env"], place);
  const { env } = secret;
  const [value, file] = [process.env[env], process.env[`${env}_FILE`]];
  if (value !== undefined && value !== "") return value;
  if (file === undefined || file === "") throw new ConfigError(place, `neither ${env} nor ${env}_FILE is set.`);
  try {
    return readFileSync(file, "utf8").trimEnd();
  } catch (error) {
    throw new ConfigError(place, `${env}_FILE: cannot read ${file} (${(error as NodeJS.ErrnoException).code}).`);
  }
}
