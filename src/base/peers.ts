// Other processes of the same server, as one of them sees them: it asks them all, and answers when it is asked.

export interface Peers {
  /** Asks all others, and waits for their answers for a short while at the most; those that do not come are left out. Never rejects. */
  ask(topic: string, data?: unknown): Promise<readonly unknown[]>;
  /** Answers what others ask. What it throws is an answer that does not come. */
  on(topic: string, answer: (data: unknown) => unknown): void;
}

/** The same about one of several things that each has topics of its own. */
export const about = (peers: Peers, name: string): Peers => ({
  ask: (topic, data) => peers.ask(`${name}:${topic}`, data),
  on: (topic, answer) => peers.on(`${name}:${topic}`, answer),
});
