// The filters of a list: those that hold, each to be taken away, and another one to add.
import { type FormEvent, useId, useState } from "react";
import type { ExploredField, ExploredTable } from "../model.js";
import { worded } from "./explored.js";
import type { ListState } from "./list-state.js";

/** By the operator's word, what people read. An empty word is equality. */
const words: Readonly<Record<string, string>> = {
  "": "is",
  ne: "is not",
  icontains: "contains",
  istartswith: "begins with",
  gte: "is at least",
  lte: "is at most",
  empty: "is empty",
  filled: "is not empty",
};

const orders = new Set(["integer", "decimal", "float", "date", "time", "datetime", "instant"]);

function operatorsOf({ kind, nullable }: ExploredField): string[] {
  const nulls = nullable ? ["empty", "filled"] : [];
  if (kind === "text") return ["icontains", "istartswith", "", "ne", ...nulls];
  if (kind === "json" || kind === "array" || kind === "binary" || kind === "other") return nulls;
  return ["", "ne", ...(orders.has(kind) ? ["gte", "lte"] : []), ...nulls];
}

interface FiltersProps {
  readonly table: ExploredTable;
  readonly list: ListState;
}

export function Filters({ table, list }: FiltersProps) {
  const filters = Object.entries(list.filter);
  const without = (name: string) => Object.fromEntries(filters.filter(([other]) => other !== name));
  return (
    <section aria-label="Filters" className="filters">
      {filters.length > 0 && (
        <ul>
          {filters.map(([name, value]) => (
            <li key={name}>
              {sentenceOf(name, value)}{" "}
              <button
                type="button"
                aria-label={`Take away: ${sentenceOf(name, value)}`}
                onClick={() => list.set({ filter: without(name) })}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      <details>
        <summary>Filter</summary>
        <Adding table={table} add={(name, value) => list.set({ filter: { ...list.filter, [name]: value } })} />
      </details>
    </section>
  );
}

function sentenceOf(name: string, value: string | null): string {
  const at = name.lastIndexOf("@");
  const [field, operator] = at > 0 ? [name.slice(0, at), name.slice(at + 1)] : [name, ""];
  if (value === null) return `${worded(field)} ${words[operator === "ne" ? "filled" : "empty"]}`;
  return `${worded(field)} ${words[operator] ?? operator} ${value}`;
}

interface AddingProps {
  readonly table: ExploredTable;
  add(name: string, value: string | null): void;
}

function Adding({ table, add }: AddingProps) {
  const fields = table.fields.filter((field) => field.read && operatorsOf(field).length > 0);
  const first = fields.find(({ name }) => name === table.label) ?? fields[0];
  const [name, setName] = useState(first?.name ?? "");
  const field = fields.find((one) => one.name === name) ?? first;
  const [operator, setOperator] = useState<string>();
  const [value, setValue] = useState("");
  const id = useId();
  if (field === undefined) return <p>No column of this table can be filtered by.</p>;
  const operators = operatorsOf(field);
  const chosen = operators.find((one) => one === operator) ?? (operators[0] as string);
  const isAboutNull = chosen === "empty" || chosen === "filled";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isAboutNull) add(chosen === "filled" ? `${field.name}@ne` : field.name, null);
    else add(chosen === "" ? field.name : `${field.name}@${chosen}`, value || (choicesOf(field)?.[0] ?? ""));
    setValue("");
  };
  return (
    <form onSubmit={submit}>
      <label>
        Column{" "}
        <select value={field.name} onChange={({ target }) => setName(target.value)}>
          {fields.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label>
        Condition{" "}
        <select value={chosen} onChange={({ target }) => setOperator(target.value)}>
          {operators.map((one) => (
            <option key={one} value={one}>
              {words[one]}
            </option>
          ))}
        </select>
      </label>
      {!isAboutNull && (
        <span className="field">
          <label htmlFor={id}>Value</label>
          <ValueInput id={id} field={field} value={value} set={setValue} />
        </span>
      )}
      <button type="submit">Add this filter</button>
    </form>
  );
}

interface ValueInputProps {
  readonly id: string;
  readonly field: ExploredField;
  readonly value: string;
  set(value: string): void;
}

const choicesOf = ({ kind, values }: ExploredField) => (kind === "boolean" ? ["true", "false"] : values);

function ValueInput({ id, field, value, set }: ValueInputProps) {
  const { kind } = field;
  const choices = choicesOf(field);
  if (choices !== undefined)
    return (
      <select id={id} value={value || choices[0]} onChange={({ target }) => set(target.value)}>
        {choices.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
    );
  const type = kind === "date" ? "date" : kind === "integer" ? "number" : "text";
  return <input id={id} type={type} required value={value} onChange={({ target }) => set(target.value)} />;
}
