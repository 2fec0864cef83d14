// A refusal of the API as an error, for what has no other way to say it.

/** The API's problem document (RFC 9457), as far as an answer was one. */
export interface ProblemDocument {
  readonly type?: string;
  readonly title?: string;
  readonly status?: number;
  readonly detail?: string;
  /** A stable word for programs: `unknown_column`. */
  readonly code?: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

/** An answer of 400 and above. Its message is the document's `detail`. */
export class ProblemError extends Error {
  readonly code: string | undefined;

  constructor(
    readonly status: number,
    /** The answer's body; `{}` where it was no JSON. */
    readonly problem: ProblemDocument,
  ) {
    super(problem.detail ?? problem.title ?? `The API answered ${status}.`);
    this.name = "ProblemError";
    this.code = problem.code;
  }
}

export const isProblem = (value: unknown): value is ProblemDocument => typeof value === "object" && value !== null;
