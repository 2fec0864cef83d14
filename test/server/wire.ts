// What goes over a socket, byte for byte, for requests that no client library would send.
import { connect } from "node:net";

/** Sends `text` and answers all that comes back, until the server closes or `until` matches. */
export function send(port: number, text: string, until?: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    socket.setEncoding("utf8");
    socket.on("data", (part: string) => {
      received += part;
      if (until?.test(received)) socket.destroy();
    });
    socket.on("error", reject).on("close", () => resolve(received));
  });
}
