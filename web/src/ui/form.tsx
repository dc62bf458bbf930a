import { Trans, useLingui } from '@lingui/react/macro';
import { Button, NativeSelect, PasswordInput, Textarea, TextInput } from '@mantine/core';
import { createContext, use, useRef, useState, type ReactNode } from 'react';
import { parseDecimal } from '../lib/format.ts';
import { useFormat } from '../lib/preferences.tsx';
import { ApiOffline, ApiProblem, fieldName } from '../lib/problem.ts';
import { newKey } from '../lib/uuid.ts';
import classes from './form.module.css';
import { Note } from './page.tsx';

type Values = Readonly<Record<string, string>>;

type FormState = {
  readonly values: Values;
  readonly errors: Values;
  readonly set: (name: string, value: string) => void;
};

const FormContext = createContext<FormState | null>(null);

/** What a form's submit gets: the values as typed, and a key that stays the same until it succeeds. */
export type Submission<V extends Values> = { readonly values: V; readonly idempotencyKey: string };

type FormProps<V extends Values> = {
  readonly initial: V;
  /** Errors by field in words, before anything is sent. */
  readonly check?: (values: V) => Partial<Record<keyof V & string, string>>;
  readonly submit: (submission: Submission<V>) => Promise<void>;
  readonly children:
    | ReactNode
    | ((values: V, set: (name: keyof V & string, value: string) => void) => ReactNode);
  readonly action: ReactNode;
  readonly onCancel?: (() => void) | undefined;
  readonly extra?: ReactNode;
  /** The server's name of a field → this form's name. */
  readonly rename?: Readonly<Record<string, string>>;
};

const problemsOf = (error: unknown, known: Values, rename: Readonly<Record<string, string>>) => {
  const errors: Record<string, string> = {};
  const loose: string[] = [];
  if (error instanceof ApiProblem) {
    for (const problem of error.fields) {
      const field = fieldName(problem.field);
      const name = rename[field] ?? field;
      if (Object.hasOwn(known, name)) errors[name] = problem.message;
      else loose.push(problem.message);
    }
    if (error.fields.length === 0) loose.push(error.message);
  }
  return { errors, loose };
};

/** The words for what stopped a form as a whole. */
const FormFailure = ({ error, loose }: { error: unknown; loose: readonly string[] }) => {
  if (error instanceof ApiOffline) {
    return (
      <Note tone="bad" live>
        <p>
          <Trans>
            The server cannot be reached. What you typed is kept; try again when the connection is back.
          </Trans>
        </p>
      </Note>
    );
  }
  if (error instanceof ApiProblem) {
    return loose.length > 0 ? (
      <Note tone="bad" live>
        {loose.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </Note>
    ) : null;
  }
  return (
    <Note tone="bad" live>
      <p>
        <Trans>Something went wrong. What you typed is kept; please try again.</Trans>
      </p>
    </Note>
  );
};

/** The field that is wrong gets the focus; words for the form as a whole come into sight. */
const focusFirstError = (form: HTMLFormElement | null): void => {
  requestAnimationFrame(() => {
    const field = form?.querySelector<HTMLElement>('[aria-invalid="true"]');
    if (field) field.focus();
    else form?.querySelector('[role="alert"]')?.scrollIntoView({ block: 'nearest' });
  });
};

/**
 * A form that keeps what was typed, says what is wrong beside the field, and sends a write once however often it is
 * submitted.
 */
export const Form = <V extends Values>(props: FormProps<V>) => {
  const [values, setValues] = useState<V>(props.initial);
  const [errors, setErrors] = useState<Values>({});
  const [failure, setFailure] = useState<{ error: unknown; loose: readonly string[] } | null>(null);
  const [busy, setBusy] = useState(false);
  const [key, setKey] = useState(newKey);
  const element = useRef<HTMLFormElement>(null);
  const set = (name: string, value: string): void => {
    setValues((before) => ({ ...before, [name]: value }));
    setErrors(({ [name]: _, ...rest }) => rest);
    setKey(newKey());
  };
  const submit = async (): Promise<void> => {
    if (busy) return;
    const wrong = props.check?.(values) ?? {};
    const found = Object.fromEntries(
      Object.entries(wrong).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
    setErrors(found);
    setFailure(null);
    if (Object.keys(found).length > 0) return focusFirstError(element.current);
    setBusy(true);
    try {
      await props.submit({ values, idempotencyKey: key });
    } catch (error) {
      const problems = problemsOf(error, values, props.rename ?? {});
      setErrors(problems.errors);
      setFailure({ error, loose: problems.loose });
      focusFirstError(element.current);
    } finally {
      setBusy(false);
    }
  };
  return (
    <FormContext value={{ values, errors, set }}>
      <form
        ref={element}
        noValidate
        className={classes['form']}
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          void submit();
        }}
      >
        {typeof props.children === 'function' ? props.children(values, set) : props.children}
        {failure && <FormFailure error={failure.error} loose={failure.loose} />}
        <div className={classes['buttons']}>
          {props.extra}
          {props.onCancel && (
            <Button variant="default" onClick={props.onCancel}>
              <Trans>Cancel</Trans>
            </Button>
          )}
          <Button type="submit" loading={busy}>
            {props.action}
          </Button>
        </div>
      </form>
    </FormContext>
  );
};

const useField = (name: string) => {
  const form = use(FormContext);
  if (!form) throw new Error('A field stands inside a Form');
  return {
    name,
    value: form.values[name] ?? '',
    error: form.errors[name],
    set: (value: string) => form.set(name, value),
  };
};

type FieldProps = {
  readonly name: string;
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly required?: boolean;
  readonly placeholder?: string;
  readonly autoComplete?: string;
  readonly autoFocus?: boolean;
};

const shared = (props: FieldProps, field: ReturnType<typeof useField>) => ({
  name: field.name,
  label: props.label,
  description: props.hint,
  value: field.value,
  error: field.error,
  withAsterisk: false,
  'aria-required': props.required,
  // The kit's password field does not mark its own input.
  'aria-invalid': field.error === undefined ? undefined : true,
  ...(props.autoComplete === undefined ? {} : { autoComplete: props.autoComplete }),
  ...(props.placeholder === undefined ? {} : { placeholder: props.placeholder }),
  ...(props.autoFocus === true ? { 'data-autofocus': true, autoFocus: true } : {}),
});

export const TextField = (
  props: FieldProps & { type?: 'text' | 'email' | 'search'; upperCase?: boolean },
) => {
  const field = useField(props.name);
  return (
    <TextInput
      {...shared(props, field)}
      type={props.type ?? 'text'}
      onChange={(event) =>
        field.set(
          props.upperCase === true ? event.currentTarget.value.toUpperCase() : event.currentTarget.value,
        )
      }
    />
  );
};

export const PasswordField = (props: FieldProps) => {
  const { t } = useLingui();
  const field = useField(props.name);
  return (
    <PasswordInput
      {...shared(props, field)}
      visibilityToggleButtonProps={{ 'aria-label': t`Show or hide the password`, tabIndex: 0 }}
      onChange={(event) => field.set(event.currentTarget.value)}
    />
  );
};

export const NotesField = (props: FieldProps) => {
  const field = useField(props.name);
  return (
    <Textarea
      {...shared(props, field)}
      autosize={false}
      rows={2}
      onChange={(event) => field.set(event.currentTarget.value)}
    />
  );
};

/** A decimal as the person writes it; it is read by `useDecimalReader` when the form is sent. */
export const DecimalField = (props: FieldProps & { unit?: ReactNode }) => {
  const field = useField(props.name);
  return (
    <TextInput
      {...shared(props, field)}
      inputMode="decimal"
      autoComplete="off"
      classNames={{ input: classes['decimal'] ?? '' }}
      rightSection={
        props.unit === undefined ? undefined : <span className={classes['unit']}>{props.unit}</span>
      }
      rightSectionWidth={props.unit === undefined ? undefined : 56}
      onChange={(event) => field.set(event.currentTarget.value)}
    />
  );
};

export const DayField = (props: FieldProps & { max?: string }) => {
  const field = useField(props.name);
  return (
    <TextInput
      {...shared(props, field)}
      type="date"
      max={props.max}
      onChange={(event) => field.set(event.currentTarget.value)}
    />
  );
};

export const SelectField = (props: FieldProps & { options: readonly { value: string; label: string }[] }) => {
  const field = useField(props.name);
  return (
    <NativeSelect
      {...shared(props, field)}
      data={[...props.options]}
      onChange={(event) => field.set(event.currentTarget.value)}
    />
  );
};

/** A name from one of the portfolio's lists; a name that left the list meanwhile stays choosable where it stands. */
export const ListField = ({ options, ...props }: FieldProps & { options: readonly string[] }) => {
  const field = useField(props.name);
  const all = field.value === '' || options.includes(field.value) ? options : [field.value, ...options];
  return <SelectField {...props} options={all.map((value) => ({ value, label: value }))} />;
};

/** Fields beside each other where there is room. */
export const FieldRow = ({ children }: { children: ReactNode }) => (
  <div className={classes['row']}>{children}</div>
);

/** Reads what a person typed as a decimal string in their locale, or null. */
export const useDecimalReader = (): ((typed: string) => string | null) => {
  const { locale } = useFormat();
  return (typed) => parseDecimal(typed, locale);
};
