import type { Geometry, Position } from 'geojson';

const TURN = 360;
const HALF_TURN = 180;

/** A ring that crosses the 180th meridian goes on past it, rather than back across the whole map. */
const unwrapRing = (ring: readonly Position[]): Position[] => {
  let shift = 0;
  let before: number | undefined;
  return ring.map(([longitude = 0, latitude = 0]) => {
    if (before !== undefined && longitude - before > HALF_TURN) shift -= TURN;
    if (before !== undefined && longitude - before < -HALF_TURN) shift += TURN;
    before = longitude;
    return [longitude + shift, latitude];
  });
};

/** The same shape with longitudes that never jump: eastern Siberia stays with Russia. */
export const unwrapped = (geometry: Geometry): Geometry => {
  if (geometry.type === 'Polygon') {
    return { ...geometry, coordinates: geometry.coordinates.map(unwrapRing) };
  }
  if (geometry.type === 'MultiPolygon') {
    return { ...geometry, coordinates: geometry.coordinates.map((rings) => rings.map(unwrapRing)) };
  }
  return geometry;
};
