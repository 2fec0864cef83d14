// The four tables: items, their parts, labels, and links between items and labels.
export const tables = ["items", "parts", "labels", "items_labels"] as const;
export type TableName = (typeof tables)[number];

/** Of each table. */
export const keys: Readonly<Record<TableName, readonly string[]>> = {
  items: ["id"],
  parts: ["id"],
  labels: ["id"],
  items_labels: ["item_id", "label_id"],
};

export const values = ["a", "b", "x", "y"] as const;
