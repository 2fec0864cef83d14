// Values as they are met while planning → their positions, by which a plan names them.

import type { Value, ValueIndex } from "./terms.js";

/** The values of one statement. A plan names each by its position, so that plans of one shape share a statement. */
export class Values {
  protected readonly list: Value[];

  constructor(before: readonly Value[] = []) {
    this.list = [...before];
  }

  get all(): readonly Value[] {
    return this.list;
  }

  /** Returns the position of the added value. */
  add(value: Value): ValueIndex {
    return this.list.push(value) - 1;
  }
}

/** The values of a role's rules. Their positions lie below 0, so that they never meet those of a request. */
export class RoleValues extends Values {
  override add(value: Value): ValueIndex {
    return -this.list.push(value);
  }
}
