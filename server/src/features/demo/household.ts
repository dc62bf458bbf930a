/**
 * The demo household as it is written in db/demo, checked when it is read.
 *
 * Contents: Household · readHousehold · readConstituents
 */
import { readFile } from 'node:fs/promises';

import { InstrumentType } from '@pm/contracts/instruments';
import Type from 'typebox';
import type { Static } from 'typebox';
import { Value } from 'typebox/value';

const FOLDER = new URL('../../../../db/demo/', import.meta.url);

const Trade = Type.Tuple([
  Type.Union([Type.Literal('buy'), Type.Literal('sell')]),
  Type.Integer({ description: 'Months ago' }),
  Type.String({ description: 'Price in the quote unit' }),
  Type.String({ description: 'Quantity' }),
  Type.String({ description: 'Fees' }),
]);

const Household = Type.Object({
  instruments: Type.Array(
    Type.Object({
      key: Type.String(),
      type: InstrumentType,
      name: Type.String(),
      ticker: Type.Optional(Type.String()),
      exchange: Type.Optional(Type.String()),
      currency: Type.String(),
      quoteUnit: Type.Optional(Type.String()),
      ocf: Type.Optional(Type.Number()),
      distributionPolicy: Type.Optional(
        Type.Union([Type.Literal('accumulating'), Type.Literal('distributing')]),
      ),
      file: Type.Optional(Type.String()),
      prices: Type.Optional(Type.Array(Type.String())),
    }),
  ),
  portfolios: Type.Array(
    Type.Object({
      name: Type.String(),
      currency: Type.String(),
      holdings: Type.Array(
        Type.Object({
          instrument: Type.String(),
          section: Type.String(),
          theme: Type.String(),
          account: Type.String(),
          targetPct: Type.Optional(Type.Number()),
          qty: Type.Optional(Type.String()),
          trades: Type.Optional(Type.Array(Trade)),
        }),
      ),
    }),
  ),
});

/** Instruments with their prices, and portfolios with their holdings and trades. */
export type Household = Static<typeof Household>;

/** Reads the household. @throws {Error} when the file does not have its shape */
export const readHousehold = async (): Promise<Household> =>
  Value.Parse(Household, JSON.parse(await readFile(new URL('household.json', FOLDER), 'utf8')));

/** The bytes of a fund's file. */
export const readConstituents = async (file: string): Promise<Buffer> => readFile(new URL(file, FOLDER));
