import { Trans, useLingui } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../../lib/api.ts';
import { Form, SelectField } from '../../ui/form.tsx';
import { toast } from '../../ui/toasts.tsx';
import classes from '../identity/settings.module.css';
import type { Portfolio } from './queries.ts';

/** Which model a portfolio follows. */
export const ModelForm = ({ portfolio, all }: { portfolio: Portfolio; all: readonly Portfolio[] }) => {
  const { t } = useLingui();
  const client = useQueryClient();
  const models = all.filter(
    (one) => one.type === 'model' && one.access === 'owner' && one.id !== portfolio.id,
  );
  if (models.length === 0) {
    return (
      <p className={classes['quiet']}>
        <Trans>
          You have no model yet. <Link to="/drafts">Make one</Link> to say once what several portfolios aim
          for.
        </Trans>
      </p>
    );
  }
  return (
    <Form
      initial={{ modelId: portfolio.modelId ?? '' }}
      action={<Trans>Save</Trans>}
      submit={async ({ values }) => {
        await api('PATCH /api/portfolios/:id', {
          params: { id: portfolio.id },
          version: portfolio.version,
          body: { modelId: values.modelId === '' ? null : values.modelId },
        });
        await client.invalidateQueries({ queryKey: ['portfolios'] });
        await client.invalidateQueries({ queryKey: ['valuation'] });
        toast(t`Saved.`);
      }}
    >
      <SelectField
        name="modelId"
        label={<Trans>Model</Trans>}
        options={[
          { value: '', label: t`None` },
          ...models.map((one) => ({ value: one.id, label: one.name })),
        ]}
      />
      {portfolio.modelId !== null && (
        <p className={classes['quiet']}>
          <Link to="/drafts/compare" search={{ left: portfolio.id, right: portfolio.modelId }}>
            <Trans>Compare with it</Trans>
          </Link>
        </p>
      )}
    </Form>
  );
};
