import { Trans } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCloudOff } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { ApiOffline, ApiProblem } from '../lib/problem.ts';
import classes from './page.module.css';

/** A page's title, what it shows in a line, and its main actions. The title names the browser's tab too. */
export const PageHeader = (props: {
  title: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  trail?: ReactNode;
}) => {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title.current?.textContent ?? ''} · Portfolio Manager`;
  });
  return (
    <header className={classes['header']}>
      <div className={classes['heading']}>
        {props.trail !== undefined && <div className={classes['trail']}>{props.trail}</div>}
        <h1 ref={title} id="page-title" tabIndex={-1} className={classes['title']}>
          {props.title}
        </h1>
        {props.lead !== undefined && <p className={classes['lead']}>{props.lead}</p>}
      </div>
      {props.actions !== undefined && <div className={classes['actions']}>{props.actions}</div>}
    </header>
  );
};

/** A part of a page under a thin rule. */
export const Section = (props: {
  title: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  quiet?: boolean;
}) => (
  <section className={classes['section']} data-quiet={props.quiet}>
    <header className={classes['sectionHeader']}>
      <h2 className={classes['sectionTitle']}>{props.title}</h2>
      {props.lead !== undefined && <p className={classes['sectionLead']}>{props.lead}</p>}
      {props.actions !== undefined && <div className={classes['sectionActions']}>{props.actions}</div>}
    </header>
    {props.children}
  </section>
);

/** Nothing here yet, and what to do next. */
export const Empty = (props: {
  title: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  icon?: ReactNode;
}) => (
  <div className={classes['empty']}>
    {props.icon !== undefined && (
      <div className={classes['emptyIcon']} aria-hidden>
        {props.icon}
      </div>
    )}
    <p className={classes['emptyTitle']}>{props.title}</p>
    {props.children !== undefined && <p className={classes['emptyText']}>{props.children}</p>}
    {props.actions !== undefined && <div className={classes['emptyActions']}>{props.actions}</div>}
  </div>
);

/** Something to know beside the figures: a warning, a gap, a refusal. */
export const Note = (props: {
  tone?: 'plain' | 'warn' | 'bad';
  title?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  live?: boolean;
}) => (
  <div
    className={classes['note']}
    data-tone={props.tone ?? 'plain'}
    role={props.live === true ? 'alert' : undefined}
  >
    {props.tone !== undefined && props.tone !== 'plain' && (
      <IconAlertTriangle aria-hidden size={17} className={classes['noteIcon']} />
    )}
    <div className={classes['noteText']}>
      {props.title !== undefined && <p className={classes['noteTitle']}>{props.title}</p>}
      {props.children}
    </div>
    {props.actions}
  </div>
);

const SKELETON_AFTER_MS = 150;

/** Grey lines in place of what is on its way, but only once it takes longer than a glance. */
export const Waiting = ({ lines = 4 }: { lines?: number }) => {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), SKELETON_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={classes['waiting']} data-late={late} aria-busy="true">
      <span className="sr-only">
        <Trans>Loading…</Trans>
      </span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className={classes['bone']} />
      ))}
    </div>
  );
};

/** A failure in words, with the way on. */
export const Failure = ({ error, retry }: { error: unknown; retry?: (() => void) | undefined }) => {
  const again = retry && (
    <Button variant="default" size="xs" onClick={retry}>
      <Trans>Try again</Trans>
    </Button>
  );
  if (error instanceof ApiOffline) {
    return (
      <Empty
        icon={<IconCloudOff size={26} />}
        title={<Trans>The server cannot be reached</Trans>}
        actions={again}
      >
        <Trans>This page fills in by itself as soon as the connection is back.</Trans>
      </Empty>
    );
  }
  const problem = error instanceof ApiProblem ? error : null;
  if (problem?.code === 'not_found') {
    return (
      <Empty title={<Trans>There is nothing at this address</Trans>} actions={again}>
        <Trans>It may have been deleted, or it belongs to somebody else.</Trans>
      </Empty>
    );
  }
  return (
    <Note tone="bad" live title={<Trans>This could not be shown</Trans>} actions={again}>
      <p>
        {problem ? (
          problem.message
        ) : (
          <Trans>Something went wrong on this page. Your data is safe on the server.</Trans>
        )}
      </p>
      {problem?.requestId !== undefined && (
        <p className={classes['small']}>
          <Trans>Request {problem.requestId}</Trans>
        </p>
      )}
    </Note>
  );
};

/** Shows a query: skeleton, failure in words, or its data. Data that is there stays while it is fetched anew. */
export const Loaded = <T,>(props: {
  query: UseQueryResult<T>;
  lines?: number;
  children: (data: T) => ReactNode;
}) => {
  const { query } = props;
  if (query.data !== undefined) return props.children(query.data);
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  return <Waiting lines={props.lines ?? 4} />;
};
