// The server's open connections, and how they end when it stops: no request that came is lost.
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";

/**
 * Clients keep a connection for their next request, which may be on its way when we decide to stop. So an idle one is kept for
 * as long as that can take, in milliseconds; a request that comes is answered, with `Connection: close`.
 */
const LINGER = 500;
/** How long we take over what the system has accepted for us, in milliseconds. */
const TAKE_OVER = 1_000;

interface Connection {
  inFlight: number;
  /** The one that came last, where its body may still be on its way. */
  last?: IncomingMessage;
  /** Requests so far. */
  begun: number;
  /** Bytes that had come when it was idle last: with more, a request is on its way. */
  read: number;
}

export class Connections {
  readonly #open = new Map<Socket, Connection>();
  #added = 0;
  #ending = false;

  /** Answers are to say that they are the last on their connection. */
  get ending(): boolean {
    return this.#ending;
  }

  add(socket: Socket): void {
    this.#added++;
    this.#open.set(socket, { inFlight: 0, begun: 0, read: socket.bytesRead });
    socket.once("close", () => this.#open.delete(socket));
    if (this.#ending) this.#endIfIdle(socket);
  }

  /** A request has come. */
  begin(request: IncomingMessage): void {
    const connection = this.#open.get(request.socket);
    if (connection === undefined) return;
    connection.last = request;
    connection.inFlight++;
    connection.begun++;
  }

  /** Its answer is out, or nobody is there to take it. */
  end(socket: Socket): void {
    const connection = this.#open.get(socket);
    if (connection === undefined) return;
    connection.inFlight--;
    if (connection.last?.complete) connection.last = undefined;
    connection.read = socket.bytesRead;
    if (this.#ending) this.#endIfIdle(socket);
  }

  /** The request that is not all here yet: it may have its answer already. */
  halfOf(socket: Socket): IncomingMessage | undefined {
    const last = this.#open.get(socket)?.last;
    return last?.complete === false ? last : undefined;
  }

  isBusy(socket: Socket): boolean {
    return (this.#open.get(socket)?.inFlight ?? 0) > 0;
  }

  /** Waits until no connection is left that the system has accepted and we have not: node takes one at each look at the network. */
  async takeOver(): Promise<void> {
    const end = performance.now() + TAKE_OVER;
    for (let before = -1; before !== this.#added && performance.now() < end; ) {
      before = this.#added;
      // The second comes behind a whole look.
      await turn();
      await turn();
    }
  }

  /** From now on every connection ends behind the request that it is at. */
  endAll(): void {
    this.#ending = true;
    for (const socket of this.#open.keys()) this.#endIfIdle(socket);
  }

  /** Ends them as they are. */
  destroyAll(): void {
    for (const socket of this.#open.keys()) socket.destroy();
  }

  #endIfIdle(socket: Socket): void {
    const connection = this.#open.get(socket);
    if (connection === undefined || connection.inFlight > 0) return;
    const { begun } = connection;
    const end = () => {
      // One that is only half here has the time that every request has.
      const asked = connection.begun > begun || socket.bytesRead > connection.read;
      if (!asked) socket.destroySoon();
    };
    // Timers come before what the network has brought meanwhile, `setImmediate` behind it.
    setTimeout(() => setImmediate(end), LINGER).unref();
  }
}
