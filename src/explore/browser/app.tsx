// The whole page: what the tables are is asked for first, for whoever is signed in.
import { QueryClient } from "@tanstack/react-query";
import { CoreAdminContext } from "ra-core";
import { type ReactNode, useCallback, useEffect, useMemo, useState } from "react";
import { useLocation } from "react-router-dom";
import { RefusedError } from "../../client/http.js";
import type { ExploreModel } from "../model.js";
import { accessTo, type Credentials, modelFor } from "./access.js";
import type { Addresses } from "./addresses.js";
import { keepCredentials, keptCredentials, nobody, waysOf } from "./credentials.js";
import { type Explored, ExploredContext, useExplored } from "./explored.js";
import { Frame } from "./frame.js";
import { Front } from "./front.js";
import { ListPage } from "./list-page.js";
import { Refusal } from "./refusal.js";
import { RoutinePage } from "./routine.js";
import { RowPage } from "./row-page.js";
import { Who } from "./sign-in.js";

export function App({ addresses }: { readonly addresses: Addresses }) {
  const [credentials, setCredentials] = useState(() => keptCredentials(addresses));
  const [model, setModel] = useState<ExploreModel>();
  const [error, setError] = useState<unknown>();

  /** The model is that of whoever asks: the two change together. */
  const enter = useCallback(
    async (wanted: Credentials) => {
      const found = await modelFor(addresses, wanted);
      keepCredentials(addresses, wanted);
      setCredentials(wanted);
      setModel(found);
    },
    [addresses],
  );

  useEffect(() => {
    // What was kept may have ended.
    enter(keptCredentials(addresses))
      .catch((reason) => (isUnknown(reason) ? enter(nobody) : Promise.reject(reason)))
      .catch(setError);
  }, [addresses, enter]);

  if (error !== undefined) return <Refusal error={error} />;
  if (model === undefined) return <p role="status">Loading the tables…</p>;
  const who = <Who ways={waysOf(model.signIn)} {...{ addresses, credentials, enter }} />;
  return (
    <Opened addresses={addresses} model={model} credentials={credentials}>
      <Frame who={who}>
        <Page />
      </Frame>
    </Opened>
  );
}

const isUnknown = (error: unknown): boolean => error instanceof RefusedError && error.status === 401;

interface OpenedProps extends Pick<Explored, "addresses" | "model"> {
  readonly credentials: Credentials;
  readonly children: ReactNode;
}

/** Another caller gets another client: no row of the one before is left. */
function Opened({ addresses, model, credentials, children }: OpenedProps) {
  const explored = useMemo<Explored>(
    () => ({
      ...accessTo(addresses, model, credentials),
      addresses,
      model,
      byName: new Map(model.tables.map((table) => [table.name, table])),
    }),
    [addresses, model, credentials],
  );
  const client = useMemo(() => {
    void explored;
    return new QueryClient({ defaultOptions: { queries: { retry: false, refetchOnWindowFocus: false } } });
  }, [explored]);
  return (
    <CoreAdminContext dataProvider={explored.provider} queryClient={client}>
      <ExploredContext.Provider value={explored}>{children}</ExploredContext.Provider>
    </CoreAdminContext>
  );
}

/** The address behind `#` is a path of the API. */
function Page() {
  const { pathname } = useLocation();
  const { byName, model } = useExplored();
  const [name = "", id, segment] = pathname.split("/").slice(1).map(decodeURIComponent);
  if (name === "") return <Front />;
  const routine = model.routines.find(({ pattern }) => pattern === `/${name}/${id}`);
  if (routine !== undefined) return <RoutinePage key={routine.pattern} routine={routine} />;
  const table = byName.get(name);
  if (table === undefined) return <Refusal error={new Error(`There is no table ${name} here, or none for you.`)} />;
  if (id === undefined || id === "") return <ListPage key={name} table={table} />;
  return <RowPage key={`${name}/${id}`} table={table} id={id} segment={segment} />;
}
