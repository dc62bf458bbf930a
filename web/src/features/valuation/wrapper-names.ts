import { useLingui } from '@lingui/react/macro';

/** What wrappers are called where their code says nothing. */
export const useWrapperNames = (): Readonly<Record<string, string>> => {
  const { t } = useLingui();
  return { other: t`No wrapper known` };
};
