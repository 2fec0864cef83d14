// Ajv as OpenAPI 3.1 wants it: draft 2020-12, formats that assert, and those of OpenAPI's own registry.
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { DATE_TIME, TIME, whole } from "../../src/plan/value-patterns.js";

export interface Schemas {
  /** What a value breaks; nothing where it fits. `place` is a JSON pointer into the document, or a schema that refers to it. */
  faults(place: string | object, value: unknown): string | undefined;
}

/** The schemas of an OpenAPI document, or of any object that holds components. */
export function schemasOf(document: object): Schemas {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: false });
  addFormats.default(ajv);
  ajv.addFormat("time-local", new RegExp(whole(TIME)));
  ajv.addFormat("date-time-local", new RegExp(whole(DATE_TIME)));
  ajv.addFormat("uint64", { type: "number", validate: (value: number) => Number.isInteger(value) && value >= 0 });
  ajv.addVocabulary(["openapi", "info", "servers", "security", "tags", "paths", "components"]);
  ajv.addSchema({ ...document, $id: "https://document.test/openapi.json" });
  const known = new Map<string, ValidateFunction>();
  const compiled = (place: string | object): ValidateFunction => {
    const text = typeof place === "string" ? place : JSON.stringify(place);
    const found = known.get(text);
    if (found !== undefined) return found;
    const schema =
      typeof place === "string"
        ? { $ref: `https://document.test/openapi.json${place}` }
        : JSON.parse(text.replaceAll('"$ref":"#/', '"$ref":"https://document.test/openapi.json#/'));
    const made = ajv.compile(schema as object);
    known.set(text, made);
    return made;
  };
  return {
    faults(place, value) {
      const validate = compiled(place);
      return validate(value) ? undefined : ajv.errorsText(validate.errors);
    },
  };
}
