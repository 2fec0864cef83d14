// A private key and a certificate for loopback, signed by itself, by openssl.
import { execFileSync } from "node:child_process";
import { join } from "node:path";

export interface Pair {
  readonly tlsKey: string;
  readonly tlsCert: string;
}

/** Both as files in the folder; `name` is the certificate's. */
export function makePair(folder: string, name: string): Pair {
  const [tlsKey, tlsCert] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)];
  const subject = ["-subj", `/CN=${name}`, "-addext", "subjectAltName=IP:127.0.0.1", "-days", "1"];
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  execFileSync("openssl", ["req", "-x509", ...key, "-keyout", tlsKey, "-out", tlsCert, ...subject], {
    stdio: "ignore",
  });
  return { tlsKey, tlsCert };
}
