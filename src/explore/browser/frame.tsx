// What stands around each page: the way back, the list of tables, and other pages about the API.
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Link, useLocation } from "react-router-dom";
import { pathTo, useExplored, worded } from "./explored.js";

/** From so many tables on they can be looked for. */
const MANY = 12;
const wide = "(min-width: 60rem)";

interface FrameProps {
  /** Where the user signs in and out. */
  readonly who: ReactNode;
  readonly children: ReactNode;
}

export function Frame({ who, children }: FrameProps) {
  const { addresses } = useExplored();
  return (
    <>
      <header>
        <button type="button" className="skip" onClick={() => document.getElementById("main")?.focus()}>
          To the page itself
        </button>
        <Link to="/" className="home">
          Look around
        </Link>
        <nav aria-label="Other pages">
          <a href={addresses.docs}>API documentation</a> <a href={addresses.diagram}>Picture of the tables</a>
        </nav>
        <Profiles />
        {who}
      </header>
      <div className="columns">
        <div>
          <Tables />
          <Routines />
        </div>
        <main id="main" tabIndex={-1}>
          {children}
        </main>
      </div>
      <footer>
        <a href={addresses.licenses}>Licences</a>
      </footer>
    </>
  );
}

function Profiles() {
  const { profile, profiles } = useExplored().addresses;
  if (profile === undefined) return null;
  return (
    <nav aria-label="Profiles">
      {profiles.map((name) => (
        <a
          key={name}
          href={`?profile=${encodeURIComponent(name)}`}
          {...(name === profile && { "aria-current": "page" as const })}
        >
          {name}
        </a>
      ))}
    </nav>
  );
}

function Tables() {
  const { tables } = useExplored().model;
  const { pathname } = useLocation();
  const [wanted, setWanted] = useState("");
  const details = useRef<HTMLDetailsElement>(null);
  const current = decodeURIComponent(pathname.split("/")[1] ?? "");
  const found = tables.filter(({ name }) => worded(name).toLowerCase().includes(worded(wanted).toLowerCase()));
  useEffect(() => {
    if (details.current) details.current.open = matchMedia(wide).matches;
  }, []);
  const close = () => {
    if (details.current && !matchMedia(wide).matches) details.current.open = false;
  };
  return (
    <nav aria-label="Tables" className="tables">
      <details ref={details}>
        <summary>{tables.length === 1 ? "1 table" : `${tables.length} tables`}</summary>
        {tables.length >= MANY && (
          <label>
            Find a table{" "}
            <input type="search" autoComplete="off" value={wanted} onChange={({ target }) => setWanted(target.value)} />
          </label>
        )}
        <ul>
          {found.map(({ name, comment }) => (
            <li key={name}>
              <Link
                to={pathTo(name)}
                title={comment}
                onClick={close}
                {...(name === current && { "aria-current": "page" as const })}
              >
                {name}
              </Link>
            </li>
          ))}
        </ul>
      </details>
    </nav>
  );
}

function Routines() {
  const { routines } = useExplored().model;
  const { pathname } = useLocation();
  if (routines.length === 0) return null;
  return (
    <nav aria-label="Functions" className="tables">
      <details>
        <summary>{routines.length === 1 ? "1 function" : `${routines.length} functions`}</summary>
        <ul>
          {routines.map(({ segment, pattern, comment }) => (
            <li key={pattern}>
              <Link
                to={pattern.split("/").map(encodeURIComponent).join("/")}
                title={comment}
                {...(decodeURIComponent(pathname) === pattern && { "aria-current": "page" as const })}
              >
                {segment}
              </Link>
            </li>
          ))}
        </ul>
      </details>
    </nav>
  );
}
