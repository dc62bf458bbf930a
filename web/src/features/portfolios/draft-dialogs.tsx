import { Trans, useLingui } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api } from '../../lib/api.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { FieldRow, Form, SelectField, TextField } from '../../ui/form.tsx';
import { toast } from '../../ui/toasts.tsx';
import classes from '../identity/settings.module.css';
import type { Portfolio } from './queries.ts';

type NewProps = { readonly portfolios: readonly Portfolio[]; readonly onClose: () => void };

/** Begins a draft from a portfolio or from nothing, or a model, and goes to what is in it. */
export const NewDraft = ({ portfolios, onClose }: NewProps) => {
  const { t } = useLingui();
  const navigate = useNavigate();
  const client = useQueryClient();
  const first = portfolios.find((one) => one.type === 'actual') ?? portfolios[0];
  return (
    <Dialog title={<Trans>New draft</Trans>} onClose={onClose}>
      <Form
        initial={{ from: first?.id ?? '', name: '', kind: 'draft' }}
        action={<Trans>Make it</Trans>}
        onCancel={onClose}
        check={({ from, name }) =>
          from === '' && name.trim() === '' ? { name: t`Give it a name, such as “Less in one share”.` } : {}
        }
        submit={async ({ values, idempotencyKey }) => {
          const typed = values.name.trim();
          const made =
            values.from === ''
              ? await api('POST /api/portfolios', {
                  body: { name: typed, type: values.kind === 'model' ? 'model' : 'draft' },
                  idempotencyKey,
                })
              : await api('POST /api/portfolios/:id/draft', {
                  params: { id: values.from },
                  body: typed === '' ? {} : { name: typed },
                  idempotencyKey,
                });
          await client.invalidateQueries({ queryKey: ['portfolios'] });
          toast(t`${made.name} is ready. Change what you like: nothing else follows.`);
          await navigate({ to: '/holdings', search: { portfolio: made.id } });
        }}
      >
        {({ from }) => (
          <>
            <FieldRow>
              <SelectField
                name="from"
                label={<Trans>From</Trans>}
                options={[
                  ...portfolios.map((one) => ({ value: one.id, label: one.name })),
                  { value: '', label: t`Nothing: begin empty` },
                ]}
              />
              {from === '' && (
                <SelectField
                  name="kind"
                  label={<Trans>What it is</Trans>}
                  options={[
                    { value: 'draft', label: t`A draft, to try things out` },
                    { value: 'model', label: t`A model that others follow` },
                  ]}
                />
              )}
            </FieldRow>
            <TextField
              name="name"
              label={from === '' ? <Trans>Name</Trans> : <Trans>Name (optional)</Trans>}
              required={from === ''}
            />
          </>
        )}
      </Form>
    </Dialog>
  );
};

/** Makes a draft real: says what that does before it is done. */
export const Promote = ({ draft, onClose }: { draft: Portfolio; onClose: () => void }) => {
  const { t } = useLingui();
  const navigate = useNavigate();
  const client = useQueryClient();
  return (
    <Dialog title={<Trans>Make {draft.name} real</Trans>} onClose={onClose}>
      <p className={classes['quiet']}>
        <Trans>
          A new portfolio is made with its lists, budgets and holdings. Each holding begins with one opening
          trade of its quantity and cost. The draft stays as it is, and so does what it was copied from.
        </Trans>
      </p>
      <Form
        initial={{ name: draft.name }}
        action={<Trans>Make it real</Trans>}
        onCancel={onClose}
        check={({ name }) => (name.trim() === '' ? { name: t`A portfolio needs a name.` } : {})}
        submit={async ({ values, idempotencyKey }) => {
          const made = await api('POST /api/portfolios/:id/promote', {
            params: { id: draft.id },
            body: { name: values.name.trim() },
            idempotencyKey,
          });
          await client.invalidateQueries({ queryKey: ['portfolios'] });
          toast(t`${made.name} is a portfolio of yours now.`);
          await navigate({ to: '/', search: { portfolio: made.id } });
        }}
      >
        <TextField name="name" label={<Trans>Name of the portfolio</Trans>} required autoFocus />
      </Form>
    </Dialog>
  );
};
