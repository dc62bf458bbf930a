import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api } from '../../lib/api.ts';

/** Ends this session and forgets everything that was shown. */
export const useSignOut = (): (() => Promise<void>) => {
  const client = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    await api('POST /api/auth/logout').catch(() => undefined);
    await navigate({ to: '/sign-in', search: { next: undefined } });
    client.clear();
  };
};
