// What react-admin asks of a data provider (https://marmelab.com/react-admin/DataProviderWriting.html), as far as it is used here: so
// that these types need no package of its.

// biome-ignore lint/suspicious/noExplicitAny: react-admin's own default for records
export type Loose = any;
export type Identifier = string | number;

export interface RaRecord {
  readonly id: Loose;
  [field: string]: Loose;
}

export interface Listing {
  readonly pagination?: { readonly page: number; readonly perPage: number };
  readonly sort?: { readonly field: string; readonly order: string };
  readonly filter?: Loose;
  /** `meta.select`: related rows and columns, as `?select=` takes them. */
  readonly meta?: Loose;
  readonly signal?: AbortSignal;
}

export interface RaReference extends Listing {
  /** A foreign key's field, or a path whose last part is the relation: `countries/members`, `members/groups`. */
  readonly target: string;
  readonly id: Identifier;
}

export interface RaListed<R> {
  data: R[];
  total?: number;
  pageInfo?: { hasNextPage?: boolean; hasPreviousPage?: boolean };
}

interface One {
  readonly id: Loose;
  readonly meta?: Loose;
  readonly signal?: AbortSignal;
}

interface Many {
  readonly ids: readonly Loose[];
  readonly meta?: Loose;
  readonly signal?: AbortSignal;
}

/** Links of an N-to-N: `{ id: 1, relation: "groups", relatedId: 2 }` of `members`. In paths names are percent-encoded here: say them as they are. */
export interface LinkParams {
  readonly id: Identifier;
  readonly relation: string;
  readonly relatedId: Identifier;
  /** The resource of the linked rows, where the relation is called otherwise: `users` of `followers`. Default: the relation's name. */
  readonly reference?: string;
  /** The link's own further columns. */
  readonly data?: Loose;
}

export interface SapwoodDataProvider {
  supportAbortSignal: true;
  getList<R extends RaRecord = Loose>(resource: string, params: Listing): Promise<RaListed<R>>;
  getOne<R extends RaRecord = Loose>(resource: string, params: One): Promise<{ data: R }>;
  getMany<R extends RaRecord = Loose>(resource: string, params: Many): Promise<{ data: R[] }>;
  getManyReference<R extends RaRecord = Loose>(resource: string, params: RaReference): Promise<RaListed<R>>;
  create<T = Loose, R extends RaRecord = Loose>(
    resource: string,
    params: { readonly data: Partial<T>; readonly meta?: Loose },
  ): Promise<{ data: R }>;
  update<R extends RaRecord = Loose>(
    resource: string,
    params: { readonly id: Loose; readonly data: Loose; readonly previousData?: Loose; readonly meta?: Loose },
  ): Promise<{ data: R }>;
  updateMany(
    resource: string,
    params: { readonly ids: readonly Loose[]; readonly data: Loose; readonly meta?: Loose },
  ): Promise<{ data: Loose[] }>;
  delete<R extends RaRecord = Loose>(
    resource: string,
    params: { readonly id: Loose; readonly previousData?: Loose; readonly meta?: Loose },
  ): Promise<{ data: R }>;
  deleteMany(
    resource: string,
    params: { readonly ids: readonly Loose[]; readonly meta?: Loose },
  ): Promise<{ data: Loose[] }>;
  /** Adds a link of an N-to-N. One that is there already stays. */
  link(resource: string, params: LinkParams): Promise<{ data: Loose }>;
  /** Takes a link away. */
  unlink(resource: string, params: LinkParams): Promise<{ data: Loose }>;
  /** Makes the linked rows these and no others: `{ id: 1, relation: "groups", ids: [2, 3] }`. */
  setLinks(
    resource: string,
    params: { readonly id: Identifier; readonly relation: string; readonly ids: readonly Identifier[] },
  ): Promise<{ data: Loose[] }>;
  [method: string]: Loose;
}
