// What a function or procedure answered: rows as a table, anything else as it came.
interface AnswerProps {
  /** Nothing where there was no body. */
  readonly json: unknown;
  readonly caption: string;
}

type Row = Readonly<Record<string, unknown>>;

export function Answer({ json, caption }: AnswerProps) {
  if (json === undefined) return <p role="status">Done. It answers nothing.</p>;
  if (!isRows(json))
    return (
      <section className="scroll" aria-label={caption}>
        <pre>{typeof json === "object" ? JSON.stringify(json, null, 2) : String(json)}</pre>
      </section>
    );
  const names = [...new Set(json.flatMap(Object.keys))];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled must be so by the keyboard too
    <section className="scroll" aria-label={caption} tabIndex={0}>
      <table>
        <caption className="hidden">{caption}</caption>
        <thead>
          <tr>
            {names.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {json.map((row, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: these rows have no key
            <tr key={i}>
              {names.map((name) => (
                <td key={name}>{textOf(row[name])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const isRows = (json: unknown): json is readonly Row[] =>
  Array.isArray(json) &&
  json.length > 0 &&
  json.every((row) => typeof row === "object" && row !== null && !Array.isArray(row));

const textOf = (value: unknown): string => {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
};
