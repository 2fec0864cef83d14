// What every input has, whatever its type.
import type { UseFormRegisterReturn } from "react-hook-form";

/** Its place in the form, and what it is called and described by. */
export type CommonProps = UseFormRegisterReturn & { readonly id: string };
