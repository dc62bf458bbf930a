import { Trans, useLingui } from '@lingui/react/macro';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, type Answer } from '../../lib/api.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Form, TextField } from '../../ui/form.tsx';
import { Loaded, Note } from '../../ui/page.tsx';
import { toast } from '../../ui/toasts.tsx';
import classes from './rates.module.css';

type Line = Answer<'GET /api/instruments/:id/price-sources'>['lines'][number];

const sourcesQuery = (instrumentId: string) =>
  queryOptions({
    queryKey: ['prices', 'sources', instrumentId],
    queryFn: ({ signal }) =>
      api('GET /api/instruments/:id/price-sources', { params: { id: instrumentId }, signal }),
  });

/** How the last asking went, source by source. */
const Attempts = ({ line }: { line: Line }) => {
  const { t } = useLingui();
  const format = useFormat();
  const words = { used: t`used`, held: t`held back`, skipped: t`not asked`, failed: t`no price` };
  if (line.askedAt === null) {
    return (
      <p className={classes['quiet']}>
        <Trans>Nobody was asked for this line yet.</Trans>
      </p>
    );
  }
  return (
    <>
      <p className={classes['quiet']}>
        <Trans>Last asked {format.ago(line.askedAt)}:</Trans>
      </p>
      <ul className={classes['legs']}>
        {line.attempts.map(({ provider, outcome, why }) => (
          <li key={provider}>
            {provider}: {words[outcome]}
            {why !== null && <>. {why}</>}
          </li>
        ))}
        {line.disagree && (
          <li>
            <Trans>The sources of this line disagree by more than 2 %.</Trans>
          </li>
        )}
      </ul>
    </>
  );
};

const SymbolsForm = ({
  instrumentId,
  line,
  onClose,
}: {
  instrumentId: string;
  line: Line;
  onClose: () => void;
}) => {
  const { t } = useLingui();
  const client = useQueryClient();
  return (
    <Form
      initial={Object.fromEntries(line.symbols.map(({ provider, written }) => [provider, written ?? '']))}
      check={() => ({})}
      action={<Trans>Save</Trans>}
      onCancel={onClose}
      submit={async ({ values }) => {
        const symbols = Object.fromEntries(
          Object.entries(values).map(([provider, typed]) => {
            const symbol = String(typed).trim();
            return [provider, symbol === '' ? null : symbol];
          }),
        );
        await api('PUT /api/instruments/:id/listings/:listingId/symbols', {
          params: { id: instrumentId, listingId: line.listingId },
          body: { symbols },
        });
        await client.invalidateQueries({ queryKey: ['prices'] });
        onClose();
        toast(t`Saved. The line is asked for again within a minute.`);
      }}
    >
      {() =>
        line.symbols.map(({ provider, made }) => (
          <TextField
            key={provider}
            name={provider}
            label={provider}
            placeholder={made ?? t`does not cover this line`}
          />
        ))
      }
    </Form>
  );
};

/** What each source calls the primary line, and how asking it went. */
export const SymbolsDialog = ({ instrumentId, onClose }: { instrumentId: string; onClose: () => void }) => {
  const query = useQuery(sourcesQuery(instrumentId));
  return (
    <Dialog title={<Trans>Symbols of its sources</Trans>} onClose={onClose}>
      <Loaded query={query} lines={5}>
        {({ lines: [line] }) =>
          line === undefined ? (
            <Note title={<Trans>There is no line</Trans>}>
              <Trans>Add a line first: an exchange and a ticker.</Trans>
            </Note>
          ) : (
            <>
              <Attempts line={line} />
              {line.canEdit ? (
                <SymbolsForm instrumentId={instrumentId} line={line} onClose={onClose} />
              ) : (
                <p className={classes['quiet']}>
                  <Trans>An administrator decides what shared lines are called.</Trans>
                </p>
              )}
            </>
          )
        }
      </Loaded>
    </Dialog>
  );
};
