/** Nothing was heard for as long as we are ready to wait. */
export class TimedOut extends Error {
  override readonly name = "TimedOut";
  constructor(readonly milliseconds: number) {
    super(`No answer within ${milliseconds / 1000} seconds.`);
  }
}

/** What `promise` answers, or `TimedOut`. What it was waiting for goes on in the background. */
export function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new TimedOut(milliseconds)), milliseconds);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
