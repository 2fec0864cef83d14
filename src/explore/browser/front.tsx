// The front page: the picture of the tables, in which each leads to its rows.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { Link, useSearchParams } from "react-router-dom";
import { type Explored, pathTo, useExplored } from "./explored.js";
import { Heading } from "./heading.js";
import { pictureOf } from "./picture.js";
import { Refusal } from "./refusal.js";

export function Front() {
  const explored = useExplored();
  const { tables } = explored.model;
  return (
    <>
      <Heading title="Look around" />
      {tables.length === 0 ? <p>There are no tables here, or none for you.</p> : <Picture />}
      {tables.length > 0 && (
        <section aria-label="All tables">
          <ul className="all">
            {tables.map(({ name, comment }) => (
              <li key={name}>
                <Link to={pathTo(name)}>{name}</Link> {comment && <small>{comment}</small>}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Picture() {
  const explored = useExplored();
  const [search] = useSearchParams();
  const cluster = search.get("cluster");
  const place = useRef<HTMLElement>(null);
  const { data, error } = useQuery({ queryKey: ["picture", cluster], queryFn: () => svgOf(explored, cluster) });
  useEffect(() => {
    if (data === undefined) return;
    place.current?.replaceChildren(pictureOf(data, (address) => leadOf(address, explored)));
  }, [data, explored]);
  if (error) return <Refusal error={error} />;
  return (
    <>
      {cluster !== null && <Link to="/">All tables</Link>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled must be so by the keyboard too */}
      <section ref={place} className="picture" tabIndex={0} aria-label="Picture of the tables" />
      {data === undefined && <p role="status">Drawing…</p>}
    </>
  );
}

async function svgOf({ addresses, textAt }: Explored, cluster: string | null): Promise<string> {
  const url = new URL(addresses.svg);
  if (cluster !== null) url.searchParams.set("cluster", cluster);
  return textAt(url.href);
}

/** A picture leads to pages beside it: to operations of a table, to what is around one, or to a group of tables. */
function leadOf(address: string, { byName }: Explored): string | undefined {
  const url = new URL(address, "http://page.invalid/");
  const cluster = url.searchParams.get("cluster");
  if (cluster !== null) return `#/?cluster=${encodeURIComponent(cluster)}`;
  const name = url.searchParams.get("table") ?? decodeURIComponent(url.hash.split("/")[1] ?? "");
  return byName.has(name) ? `#${pathTo(name)}` : undefined;
}
