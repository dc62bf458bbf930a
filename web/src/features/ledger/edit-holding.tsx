import { Trans, useLingui } from '@lingui/react/macro'
import { Switch } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { DecimalField, FieldRow, Form, ListField, NotesField, useDecimalReader } from '../../ui/form.tsx'
import { toast } from '../../ui/toasts.tsx'
import type { Portfolio } from '../portfolios/queries.ts'
import { refreshFigures, type Holding } from './queries.ts'

type Values = { section: string; theme: string; account: string; qty: string; avgCost: string; targetPct: string; include: string; notes: string }

const valuesOf = (holding: Holding): Values => ({
  section: holding.section, theme: holding.theme, account: holding.account, qty: holding.qty, avgCost: holding.avgCost ?? '',
  targetPct: holding.targetPct === null ? '' : String(holding.targetPct), include: holding.include ? 'yes' : 'no', notes: holding.notes ?? '',
})

const MOST_PERCENT = 100

/** Only what changed goes to the server: quantity and cost may be patched only while the opening is the only trade. */
const usePatch = (holding: Holding) => {
  const read = useDecimalReader()
  return (values: Values) => {
    const before = valuesOf(holding)
    const changed = (name: keyof Values): boolean => values[name] !== before[name]
    return {
      section: values.section.trim(), theme: values.theme.trim(), account: values.account.trim(), include: values.include === 'yes',
      notes: values.notes.trim() === '' ? null : values.notes.trim(),
      targetPct: values.targetPct.trim() === '' ? null : Number(read(values.targetPct)),
      qty: changed('qty') ? (read(values.qty) ?? undefined) : undefined,
      avgCost: changed('avgCost') ? (read(values.avgCost) ?? undefined) : undefined,
    }
  }
}

type EditHoldingProps = { readonly holding: Holding; readonly portfolio: Portfolio | undefined; readonly editable: boolean; readonly onClose: () => void }

/** Changes where a holding belongs, and its opening quantity while it has no other trade. */
export const EditHolding = ({ holding, portfolio, editable, onClose }: EditHoldingProps) => {
  const { t } = useLingui()
  const client = useQueryClient()
  const read = useDecimalReader()
  const patch = usePatch(holding)
  const lists = portfolio?.lists
  const targetProblem = (typed: string): string | undefined => {
    if (typed.trim() === '') return undefined
    const percent = Number(read(typed) ?? Number.NaN)
    return percent >= 0 && percent <= MOST_PERCENT ? undefined : t`A percentage from 0 to 100.`
  }
  return (
    <Dialog title={<Trans>Edit {holding.instrument?.name ?? ''}</Trans>} onClose={onClose}>
      <Form
        initial={valuesOf(holding)}
        action={<Trans>Save</Trans>}
        onCancel={onClose}
        check={(values) => {
          const targetPct = targetProblem(values.targetPct)
          return {
            ...(targetPct === undefined ? {} : { targetPct }),
            ...(editable && read(values.qty) === null ? { qty: t`A number such as 12.5.` } : {}),
          }
        }}
        submit={async ({ values }) => {
          const saved = await api('PATCH /api/holdings/:id', { params: { id: holding.id }, version: holding.version, body: patch(values) })
          await refreshFigures(client)
          onClose()
          const undo = async (): Promise<void> => {
            await api('PATCH /api/holdings/:id', { params: { id: holding.id }, version: saved.version, body: patch(valuesOf(holding)) })
            await refreshFigures(client)
          }
          toast(t`Saved.`, { undo: () => void undo().catch((error: unknown) => toast(error instanceof Error ? error.message : '', { tone: 'bad' })) })
        }}
      >
        {(values, set) => (
          <>
            <FieldRow>
              <ListField name="account" label={<Trans>Account</Trans>} options={lists?.accounts ?? []} required />
              <ListField name="theme" label={<Trans>Theme</Trans>} options={lists?.themes ?? []} required />
              <ListField name="section" label={<Trans>Section</Trans>} options={lists?.sections ?? []} required />
            </FieldRow>
            {editable && (
              <FieldRow>
                <DecimalField name="qty" label={<Trans>Opening quantity</Trans>} />
                <DecimalField name="avgCost" label={<Trans>Average cost per unit</Trans>} unit={holding.costCurrency} />
              </FieldRow>
            )}
            <DecimalField name="targetPct" label={<Trans>Target share (optional)</Trans>} unit="%" />
            <Switch
              label={<Trans>Count it in totals</Trans>} checked={values.include === 'yes'}
              onChange={(event) => set('include', event.currentTarget.checked ? 'yes' : 'no')}
            />
            <NotesField name="notes" label={<Trans>Notes (optional)</Trans>} />
          </>
        )}
      </Form>
    </Dialog>
  )
}
