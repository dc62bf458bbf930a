import { Trans, useLingui } from '@lingui/react/macro';
import { IconChevronRight, IconX } from '@tabler/icons-react';
import { getRouteApi, Link } from '@tanstack/react-router';
import classes from './look-through.module.css';
import { upTo, type Filter } from './view.ts';
import { useWords } from './words.ts';

const route = getRouteApi('/app/look-through');

/** Where one has looked into, from the whole to the last step: each leads back, each can be taken out. */
export const Trail = ({ filters, whole }: { filters: readonly Filter[]; whole: string }) => {
  const { t } = useLingui();
  const words = useWords();
  const navigate = route.useNavigate();
  if (filters.length === 0) return null;
  const without = (gone: Filter): Filter[] => filters.filter((one) => one !== gone);
  return (
    <nav aria-label={t`Looked into`} className={classes['trail']}>
      <ol className={classes['steps']}>
        <li>
          <Link to="." resetScroll={false} search={(before: object) => ({ ...before, ...upTo([]) })}>
            {whole === '' ? <Trans>The whole</Trans> : whole}
          </Link>
        </li>
        {filters.map((filter, at) => {
          const isLast = at === filters.length - 1;
          const { one } = words.divisions[filter.dimension];
          return (
            <li key={filter.dimension}>
              <IconChevronRight aria-hidden size={14} className={classes['chevron']} />
              <span className={classes['chip']}>
                <span className={classes['chipKind']}>{one}</span>
                {isLast ? (
                  <span aria-current="true">{filter.word}</span>
                ) : (
                  <Link
                    to="."
                    resetScroll={false}
                    search={(before: object) => ({ ...before, ...upTo(filters.slice(0, at + 1)) })}
                  >
                    {filter.word}
                  </Link>
                )}
                <button
                  type="button"
                  className={classes['chipGone']}
                  aria-label={t`Take out ${filter.word}`}
                  onClick={() =>
                    void navigate({
                      search: (before) => ({ ...before, ...upTo(without(filter)) }),
                      resetScroll: false,
                    })
                  }
                >
                  <IconX aria-hidden size={13} />
                </button>
              </span>
            </li>
          );
        })}
      </ol>
    </nav>
  );
};
