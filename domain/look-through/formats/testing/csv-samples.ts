/** CSV as RFC 4180 and the world write it, with the records that must come of it. */
export const CSV_SAMPLES: ReadonlyArray<{
  readonly what: string;
  readonly text: string;
  readonly records: string[][];
}> = [
  {
    what: 'plain cells',
    text: 'a,b\n1,2\n',
    records: [
      ['a', 'b'],
      ['1', '2'],
    ],
  },
  {
    what: 'CR LF line ends',
    text: 'a,b\r\n1,2\r\n',
    records: [
      ['a', 'b'],
      ['1', '2'],
    ],
  },
  {
    what: 'a lone CR as line end',
    text: 'a,b\r1,2',
    records: [
      ['a', 'b'],
      ['1', '2'],
    ],
  },
  {
    what: 'no line end at the end',
    text: 'a,b\n1,2',
    records: [
      ['a', 'b'],
      ['1', '2'],
    ],
  },
  { what: 'a comma in quotes', text: '"a,b",c', records: [['a,b', 'c']] },
  { what: 'doubled quotes', text: '"say ""hi""",c', records: [['say "hi"', 'c']] },
  {
    what: 'a line break in quotes',
    text: '"a\nb",c\nd,e',
    records: [
      ['a\nb', 'c'],
      ['d', 'e'],
    ],
  },
  { what: 'a quote inside a cell', text: 'a "b" c,d', records: [['a "b" c', 'd']] },
  { what: 'signs after a closing quote', text: '"A" Corp,d', records: [['A Corp', 'd']] },
  {
    what: 'empty cells',
    text: ',,\n"",a',
    records: [
      ['', '', ''],
      ['', 'a'],
    ],
  },
  { what: 'JSON in a cell', text: '1,"{""k"": [1, 2]}"', records: [['1', '{"k": [1, 2]}']] },
];
