// Signing in and out: by a name and a password, by a token or by a key, as the API takes them.
import { type FormEvent, useId, useState } from "react";
import type { Credentials } from "./access.js";
import type { Addresses } from "./addresses.js";
import { nobody, signedIn, signedOut, type Way } from "./credentials.js";
import { Dialog } from "./dialog.js";
import { Refusal } from "./refusal.js";

interface WhoProps {
  readonly ways: readonly Way[];
  readonly addresses: Addresses;
  readonly credentials: Credentials;
  /** Rejects where they are not valid. */
  enter(credentials: Credentials): Promise<void>;
}

/** Nothing, where nobody is asked who they are. */
export function Who({ ways, addresses, credentials, enter }: WhoProps) {
  const [isOpen, setOpen] = useState(false);
  if (ways.length === 0) return null;
  if (Object.keys(credentials).length > 0)
    return (
      <button
        type="button"
        className="who"
        onClick={async () => {
          await signedOut(ways, addresses, credentials).catch(() => undefined);
          await enter(nobody);
        }}
      >
        Sign out
      </button>
    );
  return (
    <>
      <button type="button" className="who" onClick={() => setOpen(true)}>
        Sign in
      </button>
      {isOpen && (
        <Dialog title="Sign in" close={() => setOpen(false)}>
          {ways.map((way) => (
            <WayForm key={JSON.stringify(way)} way={way} addresses={addresses} enter={enter} />
          ))}
          <div className="buttons">
            <button type="button" onClick={() => setOpen(false)}>
              Cancel
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}

interface WayFormProps extends Pick<WhoProps, "addresses" | "enter"> {
  readonly way: Way;
}

function WayForm({ way, addresses, enter }: WayFormProps) {
  const [error, setError] = useState<unknown>();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const said = (name: string) => String(form.get(name) ?? "");
    setError(undefined);
    try {
      const body = { username: said("username"), password: said("password") };
      await enter(
        way.kind === "password"
          ? await signedIn(way, addresses, body)
          : { [way.header]: way.before + said("given").trim() },
      );
    } catch (reason) {
      setError(reason);
    }
  };
  return (
    <form onSubmit={submit}>
      {way.kind === "password" ? (
        <>
          <Text name="username" label="Name" type="text" autoComplete="username" />
          <Text name="password" label="Password" type="password" autoComplete="current-password" />
        </>
      ) : (
        <Text name="given" label={way.label} type="password" autoComplete="off" />
      )}
      {error !== undefined && <Refusal error={error} />}
      <div className="buttons">
        <button type="submit">{way.kind === "password" ? "Sign in" : `Use this ${way.label.toLowerCase()}`}</button>
      </div>
    </form>
  );
}

interface TextProps {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly autoComplete: string;
}

function Text({ label, ...input }: TextProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} required {...input} />
    </div>
  );
}
