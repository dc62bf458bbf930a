import { SunburstChart } from 'echarts/charts';
import { use as register } from 'echarts/core';

register([SunburstChart]);
