import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Checkbox } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, type Answer } from '../../lib/api.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { ApiOffline, ApiProblem } from '../../lib/problem.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Loaded, Note } from '../../ui/page.tsx';
import { toast } from '../../ui/toasts.tsx';
import { InstrumentPicker } from './instrument-picker.tsx';
import classes from './instruments.module.css';
import { useMovesWords } from './moves-words.ts';
import type { Instrument } from './queries.ts';
import { useRefusal, useStaleFunds } from './refusal.ts';

type Preview = Answer<'GET /api/instruments/:id/merge'>;
type Traits = Preview['from'];

const previewQuery = (id: string, into: string, renamed: boolean) =>
  queryOptions({
    queryKey: ['look-through', 'merge', id, into, renamed],
    queryFn: ({ signal }) =>
      api('GET /api/instruments/:id/merge', {
        params: { id },
        query: { into, renamed: renamed ? true : undefined },
        signal,
      }),
  });

const Side = ({ title, traits }: { title: string; traits: Traits }) => {
  const format = useFormat();
  const identifiers = traits.identifiers.map((one) => `${one.scheme.toUpperCase()} ${one.value}`);
  const lines = traits.listings.map((one) =>
    [one.ticker, one.exchange].filter((part) => part !== null).join(' '),
  );
  const [fund] = traits.heldIn;
  return (
    <div className={classes['mergeSide']}>
      <p className={classes['small']}>{title}</p>
      <p className={classes['mergeName']}>{traits.name}</p>
      <ul>
        {identifiers.map((one) => (
          <li key={one}>{one}</li>
        ))}
        {lines.length > 0 && <li>{lines.join(', ')}</li>}
        <li>{[traits.country, traits.currency].filter((part) => part !== null).join(' · ')}</li>
        {fund && (
          <li>
            <Trans>
              held in {fund.name}, {format.day(fund.asOf)}
            </Trans>
          </li>
        )}
      </ul>
    </div>
  );
};

const Moves = ({ preview }: { preview: Preview }) => {
  const moves = useMovesWords()(preview.moves);
  return (
    <p className={classes['moves']}>
      {moves === '' ? (
        <Trans>Nothing of yours points to {preview.from.name}.</Trans>
      ) : (
        <>
          <Trans>What moves:</Trans> {moves}.
        </>
      )}
    </p>
  );
};

type Merging = { readonly instrument: Instrument; readonly onClose: () => void };

/** Makes the merge; the message that it is done offers to part the two again. */
const useMerge = ({ instrument, onClose }: Merging) => {
  const { t } = useLingui();
  const navigate = useNavigate();
  const refresh = useStaleFunds();
  const refused = useRefusal();
  const [busy, setBusy] = useState(false);
  const [words, setWords] = useState<string | null>(null);
  const undo = async (id: string, version: number): Promise<void> => {
    await api('POST /api/identity-merges/:id/undo', { params: { id }, version }).then(refresh).catch(refused);
  };
  const merge = async (into: Instrument, renamed: boolean): Promise<void> => {
    setBusy(true);
    setWords(null);
    try {
      const done = await api('POST /api/instruments/:id/merge', {
        params: { id: instrument.id },
        version: instrument.version,
        body: { into: into.id, renamed: renamed ? true : undefined },
      });
      onClose();
      await navigate({ to: '/markets/$instrumentId', params: { instrumentId: into.id } });
      await refresh();
      toast(t`${instrument.name} is now ${into.name}.`, { undo: () => void undo(done.id, done.version) });
    } catch (error) {
      const known = error instanceof ApiProblem || error instanceof ApiOffline;
      setWords(known ? error.message : t`That did not work; nothing was changed.`);
      setBusy(false);
    }
  };
  return { merge, busy, words };
};

const Confirm = ({
  instrument,
  onClose,
  into,
  onBack,
}: Merging & { into: Instrument; onBack: () => void }) => {
  const { t } = useLingui();
  const [renamed, setRenamed] = useState(false);
  const { merge, busy, words } = useMerge({ instrument, onClose });
  const query = useQuery(previewQuery(instrument.id, into.id, renamed));
  return (
    <Loaded query={query} lines={5}>
      {(preview) => {
        const numbersDiffer = preview.obstacles.some((one) => one.code === 'numbers_differ');
        return (
          <>
            <div className={classes['mergeSides']}>
              <Side title={t`Given up`} traits={preview.from} />
              <Side title={t`Stays`} traits={preview.into} />
            </div>
            <Moves preview={preview} />
            {(numbersDiffer || renamed) && (
              <Checkbox
                mb={10}
                checked={renamed}
                onChange={(event) => setRenamed(event.currentTarget.checked)}
                label={t`It was renamed or moved: the old numbers become numbers of the past.`}
              />
            )}
            {preview.obstacles.length > 0 && (
              <Note tone="bad" title={<Trans>This stands in the way</Trans>}>
                <ul>
                  {preview.obstacles.map((one) => (
                    <li key={one.detail}>{one.detail}</li>
                  ))}
                </ul>
              </Note>
            )}
            {words !== null && (
              <Note tone="bad" live>
                <p>{words}</p>
              </Note>
            )}
            <div className={classes['buttons']}>
              <Button variant="default" onClick={onBack}>
                <Trans>Choose another</Trans>
              </Button>
              <Button
                loading={busy}
                disabled={preview.obstacles.length > 0}
                onClick={() => void merge(into, renamed)}
              >
                <Trans>Merge</Trans>
              </Button>
            </div>
          </>
        );
      }}
    </Loaded>
  );
};

/** Gives an instrument up for another that it was found to be: which, what moves, what stands in the way. */
export const MergeDialog = ({ instrument, onClose }: Merging) => {
  const [into, setInto] = useState<Instrument | null>(null);
  return (
    <Dialog title={<Trans>Merge {instrument.name} into another</Trans>} onClose={onClose}>
      <p className={classes['small']}>
        <Trans>
          When two turn out to be one security: everything that points to this one points to the other
          afterwards. No total changes, and it can be undone.
        </Trans>
      </p>
      {into === null ? (
        <InstrumentPicker label={<Trans>Which one is it really?</Trans>} onPick={setInto} />
      ) : (
        <Confirm instrument={instrument} into={into} onClose={onClose} onBack={() => setInto(null)} />
      )}
    </Dialog>
  );
};
