// Links of an N-to-N: another one, and one to take away.
import { useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { Identifier, RaRecord } from "../../client/ra-types.js";
import type { ExploredTable } from "../model.js";
import { Dialog } from "./dialog.js";
import { useExplored, worded } from "./explored.js";
import { ReferenceSelect } from "./reference-select.js";
import { Refusal } from "./refusal.js";
import type { RelatedProps } from "./related-props.js";
import { isRequired, textAtFirst } from "./row-form.js";
import { titleOf } from "./value.js";
import { type Values, ValuesForm } from "./values-form.js";

interface LinkProps extends RelatedProps {
  readonly other: ExploredTable;
}

export function NewLink({ table, row, relation, other }: LinkProps) {
  const { provider } = useExplored();
  const client = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState("");
  const id = useId();
  const close = () => {
    setOpen(false);
    setChosen("");
  };
  const send = async (data: Values) => {
    await provider.link(table.name, {
      id: row.id,
      relation: relation.segment,
      relatedId: chosen,
      reference: other.name,
      data,
    });
    await client.invalidateQueries();
    close();
  };
  const common = {
    id,
    name: "row",
    ref: () => undefined,
    onBlur: async () => undefined,
    onChange: async ({ target }: { target: { value: string } }) => setChosen(target.value),
  };
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Add one of {worded(relation.segment)}
      </button>
      {isOpen && (
        <Dialog title={`Add to ${worded(relation.segment)} of ${titleOf(row, table)}`} close={close}>
          <ValuesForm
            fields={relation.linkFields ?? []}
            atFirst={(field) => textAtFirst(field)}
            isRequired={(field) => isRequired(field, false)}
            isNew
            action="Add"
            send={send}
            cancel={close}
          >
            <div className="field">
              <label htmlFor={id}>{other.noun}</label>
              <ReferenceSelect table={other} current="" isRequired common={common} />
            </div>
          </ValuesForm>
        </Dialog>
      )}
    </>
  );
}

interface UnlinkProps extends LinkProps {
  readonly linked: RaRecord;
}

export function Unlink({ table, row, relation, other, linked }: UnlinkProps) {
  const { provider } = useExplored();
  const client = useQueryClient();
  const [error, setError] = useState<unknown>();
  const remove = async () => {
    const relatedId = linked.id as Identifier;
    try {
      await provider.unlink(table.name, { id: row.id, relation: relation.segment, relatedId, reference: other.name });
    } catch (reason) {
      return setError(reason);
    }
    await client.invalidateQueries();
  };
  return (
    <>
      <button type="button" aria-label={`Take away: ${titleOf(linked, other)}`} onClick={remove}>
        Take away
      </button>
      {error !== undefined && <Refusal error={error} />}
    </>
  );
}
