/** Every provider of prices. Which may be asked, and in what order, is for the settings to say. */
import { demo } from './demo.ts';
import { finnhub } from './finnhub.ts';
import type { PriceProvider, ProviderId } from './provider.ts';
import { stooq } from './stooq.ts';
import { yahoo } from './yahoo.ts';

export const PROVIDERS: Readonly<Record<ProviderId, PriceProvider>> = { finnhub, yahoo, stooq, demo };
