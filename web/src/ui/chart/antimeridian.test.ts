import { expect, test } from 'vitest';
import { unwrapped } from './antimeridian.ts';

test('a shape across the 180th meridian goes on past it', () => {
  const ring = [
    [179, 60],
    [-179, 60],
    [-179, 62],
    [179, 62],
    [179, 60],
  ];
  expect(unwrapped({ type: 'Polygon', coordinates: [ring] })).toEqual({
    type: 'Polygon',
    coordinates: [
      [
        [179, 60],
        [181, 60],
        [181, 62],
        [179, 62],
        [179, 60],
      ],
    ],
  });
});

test('other shapes stay as they are', () => {
  const shape = {
    type: 'MultiPolygon' as const,
    coordinates: [
      [
        [
          [-10, 50],
          [2, 50],
          [2, 58],
          [-10, 50],
        ],
      ],
    ],
  };
  expect(unwrapped(shape)).toEqual(shape);
});
