// The input of a field, by its type, with its name, its comment and what was wrong with it.
import type { UseFormRegisterReturn } from "react-hook-form";
import type { ExploredField, ExploredTable } from "../model.js";
import { worded } from "./explored.js";
import { fitsMoment } from "./field-text.js";
import type { CommonProps } from "./input-props.js";
import { ReferenceSelect } from "./reference-select.js";

interface FieldInputProps {
  readonly id: string;
  readonly field: ExploredField;
  /** What it had at first. */
  readonly text: string;
  readonly isRequired: boolean;
  /** The table that its values are keys of. */
  readonly other: ExploredTable | undefined;
  readonly error: string | undefined;
  readonly register: UseFormRegisterReturn;
}

export function FieldInput({ id, field, text, isRequired, other, error, register }: FieldInputProps) {
  const described = [field.comment && `${id}-comment`, error && `${id}-error`].filter(Boolean).join(" ");
  const common = {
    id,
    ...register,
    ...(described !== "" && { "aria-describedby": described }),
    ...(error !== undefined && { "aria-invalid": true }),
  };
  return (
    <div className="field">
      <label htmlFor={id}>{worded(field.name)}</label>
      {other === undefined ? (
        <Input field={field} text={text} isRequired={isRequired} common={common} />
      ) : (
        <ReferenceSelect table={other} current={text} isRequired={isRequired} common={common} />
      )}
      {field.comment && <small id={`${id}-comment`}>{field.comment}</small>}
      {error && (
        <span id={`${id}-error`} className="wrong" role="alert">
          {error}
        </span>
      )}
    </div>
  );
}

interface InputProps extends Pick<FieldInputProps, "field" | "text" | "isRequired"> {
  readonly common: CommonProps;
}

function Input({ field: { kind, nullable, values, length, min, max }, text, isRequired, common }: InputProps) {
  if (kind === "boolean" && !nullable) return <input type="checkbox" {...common} />;
  const choices = kind === "boolean" ? ["true", "false"] : values;
  if (choices !== undefined)
    return (
      <select required={isRequired} {...common}>
        {(!isRequired || text === "") && <option value="" />}
        {choices.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
    );
  switch (kind) {
    case "integer":
      return <input type="number" step={1} min={min} max={max} required={isRequired} {...common} />;
    case "decimal":
    case "float":
      return <input type="number" step="any" required={isRequired} {...common} />;
    case "date":
      return <input type="date" required={isRequired} {...common} />;
    case "time":
      return <input type="time" step={1} required={isRequired} {...common} />;
    case "datetime":
    case "instant":
      return <input type={fitsMoment(text) ? "datetime-local" : "text"} step={1} required={isRequired} {...common} />;
    case "binary":
      // What is there already stays where no file is chosen.
      return <input type="file" required={isRequired && text === ""} {...common} />;
    case "json":
    case "array":
      return <textarea required={isRequired} spellCheck={false} {...common} />;
    default:
      return length === undefined ? (
        <textarea rows={1} {...common} />
      ) : (
        <input type="text" maxLength={length} {...common} />
      );
  }
}
