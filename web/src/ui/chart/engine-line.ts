/** Lines over time, for the drawing engine. */
import { LineChart } from 'echarts/charts';
import { use as register } from 'echarts/core';

register([LineChart]);

/** Kind of a line for the drawing engine. */
export const LINE = 'line';
