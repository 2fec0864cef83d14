// Key and certificate files → what node's TLS server takes. I/O: reads the files.
import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import { Server as TlsServer } from "node:https";
import { createSecureContext, type SecureContextOptions } from "node:tls";

export interface TlsSettings {
  /** The private key's file, in PEM. */
  readonly tlsKey?: string;
  /** The certificate's, with those between it and the root behind it. */
  readonly tlsCert?: string;
}

/** `undefined` where neither is given. Throws an `Error` of one line when they cannot be used. */
export function readTls({ tlsKey, tlsCert }: TlsSettings): SecureContextOptions | undefined {
  if (tlsKey === undefined && tlsCert === undefined) return undefined;
  if (tlsKey === undefined) throw new Error("tlsCert needs its private key as well: tlsKey.");
  if (tlsCert === undefined) throw new Error("tlsKey needs its certificate as well: tlsCert.");
  const context = { key: read(tlsKey, "tlsKey"), cert: read(tlsCert, "tlsCert") };
  try {
    createSecureContext(context);
  } catch {
    // OpenSSL's own words («no start line», «key values mismatch») help nobody.
    throw new Error(
      `${tlsKey} and ${tlsCert} are no pair of a private key and its certificate, both in PEM and without a passphrase.`,
    );
  }
  return context;
}

/** New connections get this one. */
export function setTls(server: Server, context: SecureContextOptions | undefined): void {
  if (context !== undefined && server instanceof TlsServer) server.setSecureContext(context);
}

function read(file: string, setting: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`${setting}: cannot read ${file} (${(error as NodeJS.ErrnoException).code}).`);
  }
}
