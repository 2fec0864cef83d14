// A function or procedure: a form for its arguments, and below it what it answered.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ExploredRoutine, RoutineForm } from "../model.js";
import { Answer } from "./answer.js";
import { useExplored } from "./explored.js";
import { toText } from "./field-text.js";
import { Heading } from "./heading.js";
import { isRequired } from "./row-form.js";
import { type Values, ValuesForm } from "./values-form.js";

/** The page of one with a path of its own. */
export function RoutinePage({ routine }: { readonly routine: ExploredRoutine }) {
  const path = routine.pattern.split("/").map(encodeURIComponent).join("/");
  return (
    <>
      <Heading title={routine.segment} />
      <Routine routine={routine} path={path} />
    </>
  );
}

interface RoutineProps {
  readonly routine: ExploredRoutine;
  /** In the API. */
  readonly path: string;
}

export function Routine({ routine, path }: RoutineProps) {
  const { comment, forms, segment } = routine;
  return (
    <>
      {comment && <p>{comment}</p>}
      {forms.map((form, i) => (
        // Several of one name differ in what they take.
        <section
          key={form.fields.map(({ name, kind }) => `${name} ${kind}`).join()}
          className="call"
          aria-label={forms.length > 1 ? `${segment}, ${i + 1} of ${forms.length}` : segment}
        >
          <Call routine={routine} form={form} path={path} />
        </section>
      ))}
    </>
  );
}

function Call({ routine, form, path }: RoutineProps & { readonly form: RoutineForm }) {
  const { ask } = useExplored();
  const client = useQueryClient();
  const [answer, setAnswer] = useState<{ readonly json: unknown }>();
  const send = async (said: Values) => {
    setAnswer(undefined);
    const body = form.whole ? Object.values(said)[0] : said;
    const { json } = await ask(path, { method: "POST", body });
    setAnswer({ json });
    if (!routine.reads) await client.invalidateQueries();
  };
  return (
    <>
      <ValuesForm
        fields={form.fields}
        atFirst={(field) => toText(undefined, field)}
        isRequired={(field) => isRequired(field, false)}
        isNew
        action={`Call ${routine.segment}`}
        send={send}
      />
      {answer && <Answer json={answer.json} caption={`Answer of ${routine.segment}`} />}
    </>
  );
}
