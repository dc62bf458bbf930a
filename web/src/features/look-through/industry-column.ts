import { textColumn, type TableColumn } from '../../ui/table-model.ts';

type Row = { readonly industry: string };

/** A column of industries where there is room, and where a row has one: many issuers publish sectors alone. */
export const industryColumns = <T extends Row>(
  rows: readonly T[],
  label: string,
  cell?: TableColumn<T>['cell'],
): readonly TableColumn<T>[] =>
  rows.some((one) => one.industry !== 'Unclassified')
    ? [
        {
          ...textColumn({ id: 'industry', label, read: (one: T) => one.industry, ...(cell && { cell }) }),
          wide: true,
        },
      ]
    : [];
