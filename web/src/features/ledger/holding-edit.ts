import { useLingui } from '@lingui/react/macro';
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api.ts';
import { ApiProblem } from '../../lib/problem.ts';
import { toast } from '../../ui/toasts.tsx';
import { holdingPagesQuery, type Holding, type Holdings } from './queries.ts';

/** What can be changed of a holding where it stands in the list. */
export type HoldingChange = Partial<
  Pick<Holding, 'section' | 'theme' | 'account' | 'targetPct' | 'include' | 'notes'>
>;

/** Changes of one holding go one after the other, each under the version that the one before it left. */
const turns = new Map<string, Promise<unknown>>();

const inTurn = <T>(id: string, act: () => Promise<T>): Promise<T> => {
  const next = (turns.get(id) ?? Promise.resolve()).then(act, act);
  turns.set(id, next);
  return next;
};

/** What rests on how holdings are filed and whether they count. The list itself is kept up to date in place. */
const DERIVED = ['valuation', 'look-through', 'holding'] as const;

const before = (holding: Holding, change: HoldingChange): HoldingChange =>
  Object.fromEntries(Object.keys(change).map((name) => [name, Reflect.get(holding, name) as unknown]));

/** The fields of a holding that its value does not follow from. */
const filedAs = ({ section, theme, account, targetPct, include, notes, version }: Filed): Filed => ({
  section,
  theme,
  account,
  targetPct,
  include,
  notes,
  version,
});
type Filed = Required<HoldingChange> & Pick<Holding, 'version'>;

type Place = { readonly portfolioId: string; readonly asOf: string | undefined };

const keyOf = ({ portfolioId, asOf }: Place) => holdingPagesQuery(portfolioId, asOf).queryKey;

const inList = (client: QueryClient, place: Place, id: string): Holding | undefined =>
  client.getQueryData<Holdings>(keyOf(place))?.items.find((one) => one.id === id);

const putInList = (client: QueryClient, place: Place, id: string, change: HoldingChange | Filed): void => {
  client.setQueryData<Holdings>(
    keyOf(place),
    (page) =>
      page && { ...page, items: page.items.map((one) => (one.id === id ? { ...one, ...change } : one)) },
  );
};

/**
 * Changes a holding in the list at once and sends it; refused, it is as it was before and says why. Each change can be
 * taken back.
 */
export const useHoldingEdit = (place: Place) => {
  const { t } = useLingui();
  const client = useQueryClient();
  const words = (error: unknown): string => (error instanceof Error ? error.message : t`That did not work.`);
  const send = async (id: string, change: HoldingChange): Promise<void> => {
    const saved = await api('PATCH /api/holdings/:id', {
      params: { id },
      version: inList(client, place, id)?.version,
      body: change,
    });
    putInList(client, place, id, filedAs(saved));
    await Promise.all(DERIVED.map((key) => client.invalidateQueries({ queryKey: [key] })));
  };
  /** Somebody else changed it meanwhile: what it is now comes into the list. */
  const readAgain = async (id: string): Promise<void> => {
    putInList(client, place, id, filedAs(await api('GET /api/holdings/:id', { params: { id } })));
  };
  const change = async (holding: Holding, wanted: HoldingChange, undone = false): Promise<void> => {
    const { id } = holding;
    const was = before(inList(client, place, id) ?? holding, wanted);
    putInList(client, place, id, wanted);
    try {
      await inTurn(id, () => send(id, wanted));
      if (undone) return;
      const name = holding.name;
      toast(t`${name} is saved.`, { undo: () => void change(holding, was, true) });
    } catch (error) {
      putInList(client, place, id, was);
      if (error instanceof ApiProblem && error.status === 412) await readAgain(id).catch(() => undefined);
      toast(words(error), { tone: 'bad' });
    }
  };
  return (holding: Holding, wanted: HoldingChange): void => void change(holding, wanted);
};
