// A form of fields by their types, in a dialog or on a page. What is refused is said at its fields.
import { type ReactNode, useId } from "react";
import { useForm } from "react-hook-form";
import { RefusedError } from "../../client/http.js";
import type { ExploredField, ExploredTable } from "../model.js";
import { base64Of, type Given } from "./field-file.js";
import { FieldInput } from "./field-input.js";
import { fromText } from "./field-text.js";
import { messageOf } from "./refusal.js";

export type Values = Readonly<Record<string, unknown>>;

interface ValuesFormProps {
  readonly fields: readonly ExploredField[];
  /** What stands in a field's input at first. */
  atFirst(field: ExploredField): string | boolean;
  isRequired(field: ExploredField): boolean;
  /** The table whose keys are a field's values. */
  referred?(field: ExploredField): ExploredTable | undefined;
  /** Is nothing of it there yet? Then a check box that must be said is sent untouched too. */
  readonly isNew: boolean;
  /** On its button. */
  readonly action: string;
  /** Inputs before the fields. */
  readonly children?: ReactNode;
  /** Gets what was said. What it throws is told at the fields. */
  send(data: Values): Promise<void>;
  /** A button for it, where it is given. */
  cancel?(): void;
}

/** Names of inputs: a column's own may hold dots, which react-hook-form takes for a path. */
const inputOf = (i: number): string => `f${i}`;

export function ValuesForm(props: ValuesFormProps) {
  const { fields, atFirst, isRequired, referred, isNew, action, children, send, cancel } = props;
  const id = useId();
  const texts = fields.map(atFirst);
  const form = useForm<Record<string, Given>>({
    defaultValues: Object.fromEntries(texts.map((text, i) => [inputOf(i), text])),
  });
  const { errors, dirtyFields, isSubmitting } = form.formState;

  const submit = form.handleSubmit(async (said) => {
    const data: Record<string, unknown> = {};
    let isWrong = false;
    for (const [i, field] of fields.entries()) {
      const given = said[inputOf(i)];
      const isSaid = dirtyFields[inputOf(i)] || (isNew && typeof given === "boolean" && field.required);
      if (!isSaid) continue;
      try {
        data[field.name] = await sentOf(given ?? "", field);
      } catch (error) {
        isWrong = true;
        form.setError(inputOf(i), { message: (error as Error).message });
      }
    }
    if (isWrong) return;
    try {
      await send(data);
    } catch (error) {
      tell(error);
    }
  });

  function tell(error: unknown): void {
    const faults = error instanceof RefusedError ? (error.problem.errors ?? []) : [];
    let isTold = false;
    for (const { field, message } of faults) {
      const i = fields.findIndex(({ name }) => name === field);
      if (i < 0) continue;
      form.setError(inputOf(i), { message }, { shouldFocus: !isTold });
      isTold = true;
    }
    if (!isTold) form.setError("root", { message: messageOf(error) });
  }

  return (
    <form onSubmit={submit} noValidate={false}>
      {children}
      {fields.map((field, i) => (
        <FieldInput
          key={field.name}
          id={`${id}${i}`}
          field={field}
          text={String(texts[i])}
          isRequired={isRequired(field)}
          other={referred?.(field)}
          error={errors[inputOf(i)]?.message}
          register={form.register(inputOf(i))}
        />
      ))}
      {errors.root && (
        <p role="alert" className="refusal">
          {errors.root.message}
        </p>
      )}
      <div className="buttons">
        <button type="submit" disabled={isSubmitting}>
          {action}
        </button>
        {cancel && (
          <button type="button" onClick={cancel}>
            Cancel
          </button>
        )}
      </div>
    </form>
  );
}

/** Throws an error in words where it can be none. */
async function sentOf(given: Given, field: ExploredField): Promise<unknown> {
  if (typeof given === "boolean") return given;
  if (typeof given === "string") return fromText(given, field);
  const [file] = given;
  return file === undefined ? fromText("", field) : base64Of(file);
}
