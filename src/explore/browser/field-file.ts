// What was chosen in an input of a file → the text that its bytes are in JSON.

/** So many bytes are made a text of at a time: more would be too many arguments for one call. */
const AT_ONCE = 32_768;

/** What an input of a field holds. */
export type Given = string | boolean | FileList;

/** Base64. */
export async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let i = 0; i < bytes.length; i += AT_ONCE) text += String.fromCharCode(...bytes.subarray(i, i + AT_ONCE));
  return btoa(text);
}
