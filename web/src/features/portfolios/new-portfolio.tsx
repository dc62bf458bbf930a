import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api } from '../../lib/api.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { FieldRow, Form, SelectField, TextField } from '../../ui/form.tsx';
import { toast } from '../../ui/toasts.tsx';
import { meQuery } from '../../lib/session.ts';
import { useCurrencyOptions } from '../market-data/currencies.ts';

/** Starts a portfolio and goes to its first holding. */
const NewPortfolio = () => {
  const { t } = useLingui();
  const navigate = useNavigate();
  const client = useQueryClient();
  const currencies = useCurrencyOptions();
  const { data: me } = useQuery(meQuery);
  const close = (): void =>
    void navigate({
      to: '.',
      search: (before: Record<string, unknown>) => ({ ...before, dialog: undefined }),
    });
  return (
    <Dialog title={<Trans>New portfolio</Trans>} onClose={close}>
      <Form
        initial={{ name: '', currency: me?.preferences.currency ?? 'GBP' }}
        rename={{ 'settings.currency': 'currency' }}
        action={<Trans>Create portfolio</Trans>}
        onCancel={close}
        check={(values) =>
          values.name.trim() === '' ? { name: t`Give it a name, such as “Long term”.` } : {}
        }
        submit={async ({ values, idempotencyKey }) => {
          const made = await api('POST /api/portfolios', {
            body: { name: values.name.trim(), settings: { currency: values.currency } },
            idempotencyKey,
          });
          await client.invalidateQueries({ queryKey: ['portfolios'] });
          toast(t`${made.name} is ready. Add its first holding.`);
          await navigate({ to: '/holdings', search: { portfolio: made.id, add: '1', dialog: undefined } });
        }}
      >
        <FieldRow>
          <TextField name="name" label={<Trans>Name</Trans>} required autoFocus />
          <SelectField name="currency" label={<Trans>Currency of its totals</Trans>} options={currencies} />
        </FieldRow>
      </Form>
    </Dialog>
  );
};

export default NewPortfolio;
