/**
 * The Equal Earth projection (Šavrič, Patterson and Jenny, 2018): countries keep their areas, so that no share looks
 * larger for being near a pole. Degrees in, plane units of the unit sphere out; y grows to the south, as on a screen.
 */
export type Place = readonly [x: number, y: number];

const A = [1.340264, -0.081106, 0.000893, 0.003796] as const;
const M = Math.sqrt(3) / 2;
const RADIANS = Math.PI / 180;
/** Newton's method gains more than a digit a step; the projection needs no more for a pixel. */
const STEPS = 12;

const northing = (theta: number): number => {
  const square = theta * theta;
  const sixth = square ** 3;
  return theta * (A[0] + A[1] * square + sixth * (A[2] + A[3] * square));
};

const slope = (theta: number): number => {
  const square = theta * theta;
  const sixth = square ** 3;
  return A[0] + 3 * A[1] * square + sixth * (7 * A[2] + 9 * A[3] * square);
};

/** Longitude and latitude in degrees to a place on the plane. */
export const project = ([longitude, latitude]: Place): [number, number] => {
  const theta = Math.asin(M * Math.sin(latitude * RADIANS));
  const x = (longitude * RADIANS * Math.cos(theta)) / (M * slope(theta));
  return [x, -northing(theta)];
};

/** A place on the plane back to longitude and latitude in degrees. */
export const unproject = ([x, y]: Place): [number, number] => {
  let theta = -y / A[0];
  for (let step = 0; step < STEPS; step += 1) theta -= (northing(theta) + y) / slope(theta);
  const longitude = (M * x * slope(theta)) / Math.cos(theta);
  const latitude = Math.asin(Math.max(-1, Math.min(1, Math.sin(theta) / M)));
  return [longitude / RADIANS, latitude / RADIANS];
};
