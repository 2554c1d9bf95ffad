import type { ComponentChildren, JSX } from 'preact';

/** A column: its heading, and what stands in it for one row. */
export interface Column<Row> {
  readonly heading: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** `number`: aligned to the end. `actions`: buttons, the heading only for screen readers. */
  readonly kind?: 'text' | 'number' | 'actions';
}

/** With more columns than these a table needs more room. */
const WIDE = 5;

/** A table; where it has little room each row becomes a card with the headings beside the cells. */
export function Table<Row>({
  caption,
  columns,
  rows,
  keyOf,
}: {
  /** What the table is, for screen readers. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
}): JSX.Element {
  return (
    <div class="table-box">
      <table class={columns.length > WIDE ? 'table table-wide' : 'table'} role="table">
        <caption class="visually-hidden">{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th
                key={column.heading}
                scope="col"
                role="columnheader"
                class={cellClass(column.kind)}
              >
                {column.kind === 'actions' ? (
                  <span class="visually-hidden">{column.heading}</span>
                ) : (
                  column.heading
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={keyOf(row)} role="row">
              {columns.map((column) => (
                <td
                  key={column.heading}
                  role="cell"
                  class={cellClass(column.kind)}
                  data-heading={column.kind === 'actions' ? '' : column.heading}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function cellClass(kind: Column<unknown>['kind']): string | undefined {
  return kind === undefined || kind === 'text' ? undefined : `cell-${kind}`;
}
