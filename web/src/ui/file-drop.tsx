import { Trans } from '@lingui/react/macro';
import { IconFileImport } from '@tabler/icons-react';
import { useId, useState, type DragEvent, type ReactNode } from 'react';
import classes from './file-drop.module.css';

/** A place to drop one or several files, or to choose them by keyboard or tap. */
export const FileDrop = (props: {
  onFiles: (files: readonly File[]) => void;
  hint?: ReactNode;
  accept?: string;
  multiple?: boolean;
}) => {
  const id = useId();
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const files = [...event.dataTransfer.files];
    if (files.length > 0) props.onFiles(files);
  };
  return (
    <div
      className={classes['drop']}
      data-over={over}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <input
        id={id}
        type="file"
        className={`sr-only ${classes['input'] ?? ''}`}
        multiple={props.multiple !== false}
        accept={props.accept}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = '';
          if (files.length > 0) props.onFiles(files);
        }}
      />
      <label htmlFor={id} className={classes['label']}>
        <IconFileImport aria-hidden size={24} stroke={1.6} className={classes['icon']} />
        <span>
          <strong>
            {props.multiple === false ? <Trans>Choose a file</Trans> : <Trans>Choose files</Trans>}
          </strong>{' '}
          <Trans>or drop them here</Trans>
        </span>
        {props.hint !== undefined && <span className={classes['hint']}>{props.hint}</span>}
      </label>
    </div>
  );
};
