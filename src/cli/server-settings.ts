// The settings of `sapwood serve` that say how the server and its connections work.
import { cacheDefaults } from "../cache/cache-options.js";
import { connectionDefaults } from "../database/connection-options.js";
import { MAX_LAG } from "../database/open-replicas.js";
import { NOTIFY_CHANNEL } from "../database/schema-notices.js";
import { PROXIES } from "../http/client-address.js";
import { mcpModes } from "../mcp/modes.js";
import { adminRolesDefault } from "../server/callers.js";
import { CORS_MAX_AGE } from "../server/cross-origin.js";
import { timeLimits } from "../server/listener.js";
import { logFormats, logLevels, programLogLevel } from "../server/log.js";
import { rateDefaults } from "../server/rate-settings.js";
import { serverDefaults } from "../server/serve.js";
import { count, countOrMax, fileKind, port, seconds, textKind, texts, toggle, toggleOrOptions, word } from "./kinds.js";

import type { CliSetting } from "./setting.js";

/** What the server needs besides. A new setting is a new entry. */
export const serverSettings: readonly CliSetting[] = [
  {
    ...{ name: "host", kind: textKind("host"), default: serverDefaults.host },
    text: "address to listen on; 0.0.0.0 is every one of the machine, and needs auth or --open",
  },
  {
    ...{ name: "open", kind: toggle, default: "false" },
    text: "listen beyond this machine, and answer to any name, though nobody signs in: whoever reaches it may do everything",
  },
  {
    ...{ name: "port", kind: port, default: serverDefaults.port },
    text: "port to listen on; 0 takes a free one",
  },
  {
    name: "tlsKey",
    kind: fileKind,
    default: "none",
    text: "private key (PEM): with it and its certificate it is https",
  },
  {
    name: "tlsCert",
    kind: fileKind,
    default: "none",
    text: "certificate (PEM), with those between it and the root behind it",
  },
  {
    ...{ name: "hsts", kind: count("seconds", 0), default: 0 },
    text: "with TLS: how long browsers are to come by https only; 0 does not tell them",
  },
  {
    ...{ name: "corsOrigin", kind: texts("origin"), default: "none" },
    text: "pages of which sites may use the API: https://app.example, or * for all; repeatable",
  },
  {
    name: "corsCredentials",
    kind: toggle,
    default: "false",
    text: "may these pages send cookies and other credentials?",
  },
  {
    ...{ name: "corsMaxAge", kind: count("seconds", 0), default: CORS_MAX_AGE },
    text: "how long browsers remember what a page was allowed",
  },
  {
    ...{ name: "workers", kind: countOrMax("workers"), default: "one process" },
    text: "so many processes share the port, and poolMax and maxConnections; max is one for each core",
  },
  {
    name: "compression",
    kind: toggle,
    default: "false",
    text: "gzip or brotli for clients that take it, but for single rows",
  },
  {
    ...{ name: "headersTimeout", kind: seconds(0), default: timeLimits.headersTimeout },
    text: "for a request's headers to come; 0 is for ever, here and below",
  },
  {
    ...{ name: "requestTimeout", kind: seconds(0), default: timeLimits.requestTimeout },
    text: "for a whole request to come",
  },
  {
    ...{ name: "answerTimeout", kind: seconds(), default: connectionDefaults.answerTimeout },
    text: "for a request that has come to be done, a batch too, before it is rolled back and a 504",
  },
  {
    ...{ name: "keepAliveTimeout", kind: seconds(0), default: timeLimits.keepAliveTimeout },
    text: "for a connection's next request; longer than a proxy in front keeps it",
  },
  {
    ...{ name: "sendTimeout", kind: seconds(0), default: timeLimits.sendTimeout },
    text: "for a client to go on taking its answer",
  },
  {
    ...{ name: "stopDelay", kind: seconds(0), default: serverDefaults.stopDelay },
    text: "told to stop, go on answering for so long, with /health/ready at 503, until load balancers have seen it",
  },
  {
    ...{ name: "stopTimeout", kind: seconds(), default: timeLimits.stopTimeout },
    text: "for requests in flight when the server is told to stop",
  },
  {
    ...{ name: "maxConnections", kind: count("connections", 0), default: timeLimits.maxConnections },
    text: "most connections at once; more are closed unread; 0 is any number",
  },
  {
    ...{ name: "rateLimit", kind: count("requests"), default: "off" },
    text: "most requests of one client in a period, before the rest are 429",
  },
  {
    ...{ name: "ratePeriod", kind: count("seconds"), default: rateDefaults.ratePeriod },
    text: "how long a period is",
  },
  {
    ...{ name: "rateFailures", kind: count("failures", 0), default: rateDefaults.rateFailures },
    text: "with auth: most failed sign-ins of one address in a period; 0 is any number",
  },
  {
    ...{ name: "rateStore", kind: textKind("url"), default: "memory" },
    text: "where they are counted: redis://… for several servers together (package ioredis)",
  },
  {
    ...{ name: "proxies", kind: count("proxies"), default: PROXIES },
    text: "with --trust-proxy: how many proxies add to X-Forwarded-For, to know a client's address",
  },
  {
    ...{ name: "cacheTtl", kind: seconds(0), default: "off" },
    text: "keep answers to GET for so long, or until a table of theirs is written; cache in the config file says more",
  },
  {
    ...{ name: "cacheStore", kind: textKind("url"), default: "by database" },
    text: "redis://… keeps them for several processes together (package ioredis); memory for one; else memory, and NOTIFY on PostgreSQL",
  },
  {
    ...{ name: "cacheMaxBytes", kind: count("bytes"), default: cacheDefaults.maxBytes },
    text: "most bytes of the answers that are kept",
  },
  {
    ...{ name: "listenForChanges", kind: toggle, default: "true" },
    text: "wait for NOTIFY on a connection of its own (PostgreSQL)",
  },
  {
    ...{ name: "notifyChannel", kind: textKind("channel"), default: NOTIFY_CHANNEL },
    text: "the channel of NOTIFY",
  },
  {
    ...{ name: "schemaPoll", kind: seconds(0), default: 0 },
    text: "how often to look whether the schema has changed; 0 is never",
  },
  {
    ...{ name: "idempotency", kind: toggleOrOptions, default: "false" },
    text: "heed Idempotency-Key, so that a POST or PATCH may be sent twice; it makes the table sapwood_answers",
  },
  {
    ...{ name: "replicas", kind: texts("connections"), default: "none" },
    text: "connection strings of servers that follow the database, for reads; repeatable",
  },
  {
    ...{ name: "maxLag", kind: seconds(), default: MAX_LAG },
    text: "how far a replica may be behind before it is passed over",
  },
  {
    ...{ name: "positionCookie", kind: toggle, default: "false" },
    text: "with replicas: have browsers read their own writes, by a cookie",
  },
  {
    ...{ name: "raisedMessages", kind: toggle, default: "true" },
    text: "show clients the words of errors that the database's own code raises",
  },
  {
    ...{ name: "refreshByQuery", kind: toggle, default: "false" },
    text: "let ?refresh=true on any request read the schema again first",
  },
  {
    ...{ name: "logLevel", kind: word("level", logLevels), default: programLogLevel },
    text: `what is worth a line of JSON on stderr, of ${logLevels.join(", ")}; requests are info`,
  },
  {
    ...{ name: "logFormat", kind: word("format", logFormats), default: "auto" },
    text: `lines of json, or of text for people; auto is text at a terminal, else json`,
  },
  { name: "slowQuery", kind: count("ms", 0), default: "off", text: "log statements that took so many milliseconds" },
  {
    name: "serverTiming",
    kind: toggle,
    default: "false",
    text: "tell clients how long an answer took, in Server-Timing",
  },
  { name: "metrics", kind: toggle, default: "false", text: "serve /metrics, for Prometheus" },
  {
    ...{ name: "adminRoles", kind: texts("names"), default: adminRolesDefault.join() },
    text: "with auth: roles that may see /metrics and all of /health, refresh, and use /schema",
  },
  {
    ...{ name: "mcp", kind: word("mode", mcpModes), default: "off" },
    text: "let agents read, or write as well, at /mcp (package @modelcontextprotocol/sdk): off, read or write",
  },
  {
    ...{ name: "schemaRoutes", kind: toggle, default: "false" },
    text: "serve /schema, where tables, databases and users are made and dropped; without auth on this machine only",
  },
];
