import { expect, test } from 'vitest';
import { project, unproject } from './equal-earth.ts';

test('the published corner values of the projection', () => {
  // Šavrič, Patterson, Jenny (2018): half the equator 2.70663, half the central meridian 1.31733 (unit sphere).
  expect(project([180, 0])[0]).toBeCloseTo(2.70663, 4);
  expect(project([0, 90])[1]).toBeCloseTo(-1.31733, 4);
  expect(project([0, 0])).toEqual([0, -0]);
});

test.each([
  [0, 51.5],
  [-74, 40.7],
  [139.7, 35.7],
  [151.2, -33.9],
  [-180, 83],
] as const)('there and back again from %f, %f', (longitude, latitude) => {
  const [back, up] = unproject(project([longitude, latitude]));
  expect(back).toBeCloseTo(longitude, 6);
  expect(up).toBeCloseTo(latitude, 6);
});

test('bands of equal area on the globe are equal on the map', () => {
  const area = (south: number, north: number): number => {
    let sum = 0;
    const parts = 2_000;
    for (let part = 0; part < parts; part += 1) {
      const low = south + ((north - south) * part) / parts;
      const high = south + ((north - south) * (part + 1)) / parts;
      const [x] = project([180, (low + high) / 2]);
      sum += x * (project([0, low])[1] - project([0, high])[1]);
    }
    return sum;
  };
  // On a sphere, sin 30° divides the hemisphere into two bands of one area.
  expect(area(0, 30) / area(30, 90)).toBeCloseTo(1, 3);
});
