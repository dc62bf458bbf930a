import { useLingui } from '@lingui/react/macro';
import { CloseButton } from '@mantine/core';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import classes from './dialog.module.css';

type DialogProps = {
  readonly title: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly wide?: boolean;
};

/**
 * A modal dialog on the browser's own element: focus stays inside, Escape closes it, the page behind is inert. Clicking
 * beside it does nothing, so that what was typed is not lost.
 */
export const Dialog = ({ title, onClose, children, wide }: DialogProps) => {
  const { t } = useLingui();
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    if (dialog && !dialog.open) dialog.showModal();
    dialog?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      className={classes['dialog']}
      data-wide={wide}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header className={classes['header']}>
        <h2 id={heading} className={classes['title']}>
          {title}
        </h2>
        <CloseButton aria-label={t`Close`} onClick={onClose} />
      </header>
      <div className={classes['body']}>{children}</div>
    </dialog>
  );
};
