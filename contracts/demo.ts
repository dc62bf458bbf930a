import Type from 'typebox';
import { Closed, Uuid } from './common.ts';
import { defineRoutes } from './route.ts';

const tags = ['demo'];

export const demoRoutes = defineRoutes({
  'POST /api/demo': {
    summary:
      'Add the demo household to your account: two portfolios with funds, prices and constituents, marked as demo',
    tags,
    auth: 'user',
    response: { 201: Closed({ portfolios: Type.Array(Closed({ id: Uuid, name: Type.String() })) }) },
  },
});
