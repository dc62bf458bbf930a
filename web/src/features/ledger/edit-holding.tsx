import { Trans, useLingui } from '@lingui/react/macro';
import { Switch } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { DecimalField, FieldRow, Form, ListField, NotesField, useDecimalReader } from '../../ui/form.tsx';
import { toast } from '../../ui/toasts.tsx';
import type { Portfolio } from '../portfolios/queries.ts';
import { refreshFigures, type Holding } from './queries.ts';

type Values = {
  section: string;
  theme: string;
  account: string;
  qty: string;
  avgCost: string;
  targetPct: string;
  include: string;
  notes: string;
};

const valuesOf = (holding: Holding): Values => ({
  section: holding.section,
  theme: holding.theme,
  account: holding.account,
  qty: holding.qty,
  avgCost: holding.avgCost ?? '',
  targetPct: holding.targetPct === null ? '' : String(holding.targetPct),
  include: holding.include ? 'yes' : 'no',
  notes: holding.notes ?? '',
});

const MOST_PERCENT = 100;

/** Only what changed goes to the server: quantity and cost may be patched only while the opening is the only trade. */
const usePatch = () => {
  const read = useDecimalReader();
  return (values: Values, before: Values) => {
    const changed = (name: keyof Values): boolean => values[name] !== before[name];
    return {
      section: values.section.trim(),
      theme: values.theme.trim(),
      account: values.account.trim(),
      include: values.include === 'yes',
      notes: values.notes.trim() === '' ? null : values.notes.trim(),
      targetPct: values.targetPct.trim() === '' ? null : Number(read(values.targetPct)),
      qty: changed('qty') ? (read(values.qty) ?? undefined) : undefined,
      avgCost: changed('avgCost') ? (read(values.avgCost) ?? undefined) : undefined,
    };
  };
};

type EditHoldingProps = {
  readonly holding: Holding;
  readonly portfolio: Portfolio | undefined;
  readonly editable: boolean;
  readonly onClose: () => void;
};

const useCheck = (editable: boolean) => {
  const { t } = useLingui();
  const read = useDecimalReader();
  return (values: Values): Partial<Record<keyof Values, string>> => {
    const percent = values.targetPct.trim() === '' ? 0 : Number(read(values.targetPct) ?? Number.NaN);
    return {
      ...(percent >= 0 && percent <= MOST_PERCENT ? {} : { targetPct: t`A percentage from 0 to 100.` }),
      ...(editable && read(values.qty) === null ? { qty: t`A number such as 12.5.` } : {}),
    };
  };
};

const useSave = (holding: Holding, onClose: () => void) => {
  const { t } = useLingui();
  const client = useQueryClient();
  const patch = usePatch();
  const write = async (values: Values, before: Values, version: number) => {
    const saved = await api('PATCH /api/holdings/:id', {
      params: { id: holding.id },
      version,
      body: patch(values, before),
    });
    await refreshFigures(client);
    return saved;
  };
  return async ({ values }: { values: Values }): Promise<void> => {
    const saved = await write(values, valuesOf(holding), holding.version);
    onClose();
    const failed = (error: unknown): void =>
      toast(error instanceof Error ? error.message : t`It could not be undone.`, { tone: 'bad' });
    toast(t`Saved.`, { undo: () => void write(valuesOf(holding), values, saved.version).catch(failed) });
  };
};

/** Changes where a holding belongs, and its opening quantity while it has no other trade. */
export const EditHolding = ({ holding, portfolio, editable, onClose }: EditHoldingProps) => {
  const check = useCheck(editable);
  const save = useSave(holding, onClose);
  const lists = portfolio?.lists;
  return (
    <Dialog title={<Trans>Edit {holding.name}</Trans>} onClose={onClose}>
      <Form
        initial={valuesOf(holding)}
        action={<Trans>Save</Trans>}
        onCancel={onClose}
        check={check}
        submit={save}
      >
        {(values, set) => (
          <>
            <FieldRow>
              <ListField
                name="account"
                label={<Trans>Account</Trans>}
                options={lists?.accounts ?? []}
                required
              />
              <ListField name="theme" label={<Trans>Theme</Trans>} options={lists?.themes ?? []} required />
              <ListField
                name="section"
                label={<Trans>Section</Trans>}
                options={lists?.sections ?? []}
                required
              />
            </FieldRow>
            {editable && (
              <FieldRow>
                <DecimalField name="qty" label={<Trans>Opening quantity</Trans>} />
                <DecimalField
                  name="avgCost"
                  label={<Trans>Average cost per unit</Trans>}
                  unit={holding.costCurrency}
                />
              </FieldRow>
            )}
            <DecimalField name="targetPct" label={<Trans>Target share (optional)</Trans>} unit="%" />
            <Switch
              label={<Trans>Count it in totals</Trans>}
              checked={values.include === 'yes'}
              onChange={(event) => set('include', event.currentTarget.checked ? 'yes' : 'no')}
            />
            <NotesField name="notes" label={<Trans>Notes (optional)</Trans>} />
          </>
        )}
      </Form>
    </Dialog>
  );
};
