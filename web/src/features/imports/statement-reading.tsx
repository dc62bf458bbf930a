import { Trans, useLingui } from '@lingui/react/macro';
import { Button, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import classes from './statements.module.css';
import type { StatementMapping, StatementPreview } from './statement-queries.ts';

type Columns = NonNullable<StatementMapping['columns']>;
type Field = keyof Columns;

/** Every field with its words, those that nearly every table has first. */
const useFields = (): readonly (readonly [Field, string])[] => {
  const { t } = useLingui();
  return [
    ['date', t`Day`],
    ['type', t`What happened`],
    ['isin', t`ISIN`],
    ['sedol', t`SEDOL`],
    ['ticker', t`Ticker`],
    ['exchange', t`Exchange (MIC)`],
    ['name', t`Name of the security`],
    ['qty', t`Quantity`],
    ['price', t`Price per unit`],
    ['priceUnit', t`Unit of the price`],
    ['amount', t`Sum in cash`],
    ['debit', t`Paid out`],
    ['credit', t`Paid in`],
    ['currency', t`Currency`],
    ['fees', t`Fees`],
    ['taxes', t`Stamp duty and taxes`],
    ['fxFee', t`Currency fee`],
    ['fxRate', t`Exchange rate`],
    ['split', t`Split ratio`],
    ['reference', t`Reference`],
    ['notes', t`Notes`],
  ];
};

const ColumnChoice = (props: {
  field: Field;
  label: string;
  preview: StatementPreview;
  value: string;
  onChange: (header: string) => void;
}) => {
  const { preview, value } = props;
  const at = preview.headers.indexOf(value);
  const sample = at < 0 ? '' : preview.samples.map((row) => row[at] ?? '').find((cell) => cell !== '');
  return (
    <NativeSelect
      size="xs"
      label={props.label}
      description={sample ?? ''}
      inputWrapperOrder={['label', 'input', 'description']}
      value={value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      data={[{ value: '', label: '–' }, ...[...new Set(preview.headers)].filter((one) => one !== '')]}
    />
  );
};

/** How a table is read that no preset knows. */
type TableReading = {
  readonly columns: Columns;
  readonly dayOrder: string;
  readonly decimalSign: string;
  readonly priceUnit: string;
};

const TableChoices = (props: {
  preview: StatementPreview;
  value: TableReading;
  set: (change: Partial<TableReading>) => void;
}) => {
  const { t } = useLingui();
  const fields = useFields();
  const { preview, value, set } = props;
  const choose = (field: Field, header: string): void => {
    const { [field]: _, ...rest } = value.columns;
    set({ columns: header === '' ? rest : { ...rest, [field]: header } });
  };
  return (
    <>
      <div className={classes['columns']}>
        {fields.map(([field, label]) => (
          <ColumnChoice
            key={field}
            field={field}
            label={label}
            preview={preview}
            value={value.columns[field] ?? ''}
            onChange={(header) => choose(field, header)}
          />
        ))}
      </div>
      <div className={classes['columns']}>
        <NativeSelect
          size="xs"
          label={<Trans>Days are written</Trans>}
          value={value.dayOrder}
          onChange={(event) => set({ dayOrder: event.currentTarget.value })}
          data={[
            { value: '', label: t`as they show by themselves` },
            { value: 'dmy', label: t`day, month, year: 31/12/2024` },
            { value: 'mdy', label: t`month, day, year: 12/31/2024` },
            { value: 'ymd', label: t`year, month, day: 2024-12-31` },
          ]}
        />
        <NativeSelect
          size="xs"
          label={<Trans>Numbers are written</Trans>}
          value={value.decimalSign}
          onChange={(event) => set({ decimalSign: event.currentTarget.value })}
          data={[
            { value: 'point', label: '1,234.50' },
            { value: 'comma', label: '1.234,50' },
          ]}
        />
        <NativeSelect
          size="xs"
          label={<Trans>Prices are in</Trans>}
          value={value.priceUnit}
          onChange={(event) => set({ priceUnit: event.currentTarget.value })}
          data={[
            { value: '', label: t`the currency of the row` },
            { value: 'GBX', label: t`pence (GBX)` },
            { value: 'GBP', label: t`pounds (GBP)` },
          ]}
        />
      </div>
    </>
  );
};

const mappingOf = (preset: string, table: TableReading): StatementMapping => {
  if (preset !== 'general') return { preset };
  const order = (['dmy', 'mdy', 'ymd'] as const).find((one) => one === table.dayOrder);
  return {
    preset,
    columns: table.columns,
    ...(order !== undefined && { dayOrder: order }),
    decimalSign: table.decimalSign === 'comma' ? 'comma' : 'point',
    ...(table.priceUnit !== '' && { priceUnit: table.priceUnit }),
  };
};

/** Under which header each field is, and how days and numbers are written; kept for files with these headers. */
export const StatementReading = ({
  preview,
  onSave,
}: {
  preview: StatementPreview;
  onSave: (mapping: StatementMapping) => Promise<void>;
}) => {
  const { t } = useLingui();
  const [preset, setPreset] = useState(preview.preset);
  const [busy, setBusy] = useState(false);
  const [table, setTable] = useState<TableReading>({
    columns: preview.columns,
    dayOrder: preview.preset === 'general' ? (preview.dayOrder ?? '') : '',
    decimalSign: 'point',
    priceUnit: '',
  });
  const save = async (): Promise<void> => {
    setBusy(true);
    await onSave(mappingOf(preset, table));
    setBusy(false);
  };
  return (
    <div className={classes['reading']}>
      <NativeSelect
        label={<Trans>Read as</Trans>}
        value={preset}
        onChange={(event) => setPreset(event.currentTarget.value)}
        data={[
          ...preview.presets.map(({ id, title }) => ({ value: id, label: title })),
          { value: 'general', label: t`Any table, with columns that I choose` },
        ]}
      />
      {preset === 'general' && (
        <TableChoices
          preview={preview}
          value={table}
          set={(change) => setTable((before) => ({ ...before, ...change }))}
        />
      )}
      <Button variant="default" loading={busy} onClick={() => void save()}>
        <Trans>Read it like this</Trans>
      </Button>
    </div>
  );
};
