/** The world for the map: Natural Earth's countries at 1:110 million, in the product's own names. */
import { MapChart } from 'echarts/charts';
import { GeoComponent } from 'echarts/components';
import { registerMap, use as register } from 'echarts/core';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import atlas from 'world-atlas/countries-110m.json';
import { unwrapped } from './antimeridian.ts';
import { ourName } from './world-names.ts';

register([MapChart, GeoComponent]);

type Countries = Topology<{ countries: GeometryCollection<{ name: string }> }>;

// A JSON file has no narrower type than its text; its shape is the package's, checked by test.
const topology = atlas as unknown as Countries;
const shapes = feature(topology, topology.objects.countries)
  .features.filter(({ properties }) => properties.name !== 'Antarctica')
  .map(({ properties, geometry, ...one }) => ({
    ...one,
    properties: { name: ourName(properties.name) },
    geometry: unwrapped(geometry),
  }));

/** Names of the countries that the map draws. */
export const SHAPES: ReadonlySet<string> = new Set(shapes.map(({ properties }) => properties.name));

/** The name under which the drawing engine knows the map. */
export const WORLD = 'world';

// ECharts types its own GeoJSON more narrowly than the standard does.
registerMap(WORLD, { type: 'FeatureCollection', features: shapes } as never);
