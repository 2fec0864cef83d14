// A binary column of a row: its bytes as a file to save, as a picture where they are one, and another file in their place.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ChangeEvent, useEffect, useId, useState } from "react";
import { RefusedError } from "../../client/http.js";
import type { RaRecord } from "../../client/ra-types.js";
import type { ExploredBytes, ExploredField, ExploredTable } from "../model.js";
import type { Credentials } from "./access.js";
import { apiPathTo, useExplored, worded } from "./explored.js";
import { Refusal } from "./refusal.js";

interface BytesProps {
  readonly table: ExploredTable;
  readonly row: RaRecord;
  readonly field: ExploredField & { readonly bytes: ExploredBytes };
}

interface Found {
  readonly blob: Blob;
  readonly tag: string | null;
}

export function Bytes({ table, row, field }: BytesProps) {
  const { send } = useExplored();
  const client = useQueryClient();
  const path = apiPathTo(table, row.id, field.bytes.segment);
  const queryKey = [table.name, "bytes", path];
  const { data, error } = useQuery({ queryKey, queryFn: () => bytesAt(path, send) });
  const [refused, setRefused] = useState<unknown>();
  const { methods } = field.bytes;

  const change = async (method: "PUT" | "DELETE", file?: File) => {
    setRefused(undefined);
    // What somebody else has put there since stays.
    const condition: Credentials = data?.tag ? { "if-match": data.tag } : { "if-none-match": "*" };
    const type = file && { "content-type": isSendable(file.type) ? file.type : "application/octet-stream" };
    try {
      await send(path, { method, headers: { ...condition, ...type }, ...(file && { body: file }) });
    } catch (reason) {
      setRefused(reason);
    }
    await client.invalidateQueries();
  };

  if (error) return <Refusal error={error} />;
  if (data === undefined) return <span role="status">Loading…</span>;
  const name = `${table.name}-${row.id}-${field.name}`;
  return (
    <span className="bytes">
      {data === null ? <span className="empty">empty</span> : <Saved blob={data.blob} name={name} />}
      {methods.includes("PUT") && (
        <Upload label={`New file for ${worded(field.name)}`} put={(file) => change("PUT", file)} />
      )}
      {data !== null && methods.includes("DELETE") && (
        <button type="button" className="danger" onClick={() => change("DELETE")}>
          Empty {worded(field.name)}
        </button>
      )}
      {refused !== undefined && <Refusal error={refused} />}
    </span>
  );
}

/** Forms of bodies that the API reads as something else than bytes. */
const isSendable = (type: string): boolean => type !== "" && !/json|^multipart|urlencoded/.test(type);

/** `null` where the column is NULL. */
async function bytesAt(path: string, send: ReturnType<typeof useExplored>["send"]): Promise<Found | null> {
  try {
    const response = await send(path);
    return { blob: await response.blob(), tag: response.headers.get("etag") };
  } catch (error) {
    if (error instanceof RefusedError && error.status === 404) return null;
    throw error;
  }
}

/** Its address is of this page, and ends with it. */
function Saved({ blob, name }: { readonly blob: Blob; readonly name: string }) {
  const [href, setHref] = useState<string>();
  const [picture, setPicture] = useState<string>();
  useEffect(() => {
    const address = URL.createObjectURL(blob);
    setHref(address);
    return () => URL.revokeObjectURL(address);
  }, [blob]);
  useEffect(() => {
    setPicture(undefined);
    if (!blob.type.startsWith("image/")) return;
    const reader = new FileReader();
    reader.onload = () => setPicture(String(reader.result));
    reader.readAsDataURL(blob);
    return () => reader.abort();
  }, [blob]);
  const ending = /^image\/(\w+)/.exec(blob.type)?.[1] ?? "bin";
  return (
    <>
      {picture !== undefined && <img src={picture} alt={name} />}
      <a href={href} download={`${name}.${ending}`}>
        {blob.size} bytes
      </a>
    </>
  );
}

interface UploadProps {
  readonly label: string;
  put(file: File): Promise<void>;
}

function Upload({ label, put }: UploadProps) {
  const id = useId();
  const chosen = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const [file] = target.files ?? [];
    if (file !== undefined) await put(file);
    target.value = "";
  };
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <input id={id} type="file" onChange={chosen} />
    </>
  );
}
