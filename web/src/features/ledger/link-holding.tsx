import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../lib/api.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Note } from '../../ui/page.tsx';
import { toast } from '../../ui/toasts.tsx';
import { useErrorWords } from '../../ui/use-act.ts';
import { InstrumentForm } from '../instruments/instrument-form.tsx';
import { InstrumentPicker } from '../instruments/instrument-picker.tsx';
import type { Instrument } from '../instruments/queries.ts';
import { refreshFigures, type Holding } from './queries.ts';

/** What a holding that came without an instrument says of itself, with the way out. */
export const NoInstrument = ({ editable, onChoose }: { editable: boolean; onChoose: () => void }) => (
  <Note tone="warn">
    <p>
      <Trans>
        It came without an instrument, so it has no price and is left out of totals. Its quantity, cost and
        trades stay as they are when you say which instrument it is.
      </Trans>
    </p>
    {editable && (
      <Button variant="default" size="xs" onClick={onChoose}>
        <Trans>Choose its instrument</Trans>
      </Button>
    )}
  </Note>
);

const useLink = (holding: Holding, onClose: () => void) => {
  const { t } = useLingui();
  const client = useQueryClient();
  const wordsOf = useErrorWords();
  const failed = (error: unknown): void => toast(wordsOf(error), { tone: 'bad' });
  const write = async (instrumentId: string | null, version: number): Promise<number> => {
    const params = { id: holding.id };
    const saved = await api('PATCH /api/holdings/:id', { params, version, body: { instrumentId } });
    await refreshFigures(client);
    return saved.version;
  };
  return async (instrument: Instrument): Promise<void> => {
    try {
      const version = await write(instrument.id, holding.version);
      onClose();
      toast(t`${holding.name} is ${instrument.name}.`, {
        undo: () => void write(null, version).catch(failed),
      });
    } catch (error) {
      failed(error);
    }
  };
};

/** Says which instrument a holding is that came without one: a known one, or a new one. */
export const LinkHolding = ({ holding, onClose }: { holding: Holding; onClose: () => void }) => {
  const [typed, setTyped] = useState<string | null>(null);
  const link = useLink(holding, onClose);
  return (
    <Dialog
      title={
        typed === null ? (
          <Trans>Which instrument is {holding.name}?</Trans>
        ) : (
          <Trans>Create an instrument</Trans>
        )
      }
      onClose={onClose}
    >
      {typed === null ? (
        <InstrumentPicker
          label={<Trans>Which instrument?</Trans>}
          onPick={(instrument) => void link(instrument)}
          onCreate={setTyped}
        />
      ) : (
        <InstrumentForm
          name={typed}
          onCancel={() => setTyped(null)}
          onMade={(instrument) => void link(instrument)}
        />
      )}
    </Dialog>
  );
};
