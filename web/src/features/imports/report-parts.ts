/** A part of the rows of an import, and its share of them in per cent. */
export type ReportPart = {
  readonly kind: 'known' | 'created' | 'unsure';
  readonly rows: number;
  readonly percent: number;
};

type Counts = { readonly matched: number; readonly created: number; readonly unmatched: number };

/**
 * Divides the rows of an import into those of securities known before, those that brought a new one, and those in doubt;
 * parts without a row are left out. The matched rows count the new ones too.
 */
export const partsOfReport = ({ matched, created, unmatched }: Counts): readonly ReportPart[] => {
  const fresh = Math.min(created, matched);
  const all = matched + unmatched;
  const parts = [
    { kind: 'known', rows: matched - fresh },
    { kind: 'created', rows: fresh },
    { kind: 'unsure', rows: unmatched },
  ] as const;
  return parts.filter(({ rows }) => rows > 0).map((part) => ({ ...part, percent: (part.rows / all) * 100 }));
};
