import { expect, test } from 'vitest';
import { svgDocument } from './save.ts';

const theme = { page: '#fcfcfb', ink: '#1d2326', quiet: '#566064', font: '"Inter Variable", sans-serif' };

test('a saved drawing carries its title, its day and the page’s ground, whatever the names hold', () => {
  const svg = svgDocument('<svg><g/></svg>', { width: 400, height: 200 }, theme, {
    title: 'Share by <script>&"',
    about: 'ISA · 3 Jan 2024',
  });
  expect(svg).toContain('width="440" height="294"');
  expect(svg).toContain('<title>Share by &lt;script&gt;&amp;&quot;</title>');
  expect(svg).toContain('>ISA · 3 Jan 2024</text>');
  expect(svg).toContain('fill="#fcfcfb"');
  expect(svg).not.toContain('<script>');
});
