/** A column of a table in plain text. */
export interface TextColumn {
  readonly title: string;
  /** Numbers are read from their end. */
  readonly align?: "left" | "right";
}

/** Lines of a table, its titles first, each column as wide as it needs to be. */
export function tableLines(
  columns: readonly TextColumn[],
  rows: readonly (readonly string[])[],
): { readonly title: string; readonly rows: readonly string[] } {
  const widths = columns.map(({ title }, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]!.length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        columns[column]!.align === "right" ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join("  ")
      .trimEnd();
  return { title: line(columns.map(({ title }) => title)), rows: rows.map(line) };
}
