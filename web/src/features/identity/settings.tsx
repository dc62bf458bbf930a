import { Trans, useLingui } from '@lingui/react/macro';
import { SegmentedControl } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTheme, type Theme } from '../../app/theme-switch.tsx';
import { useThemeName } from '../../app/user-menu.tsx';
import { api } from '../../lib/api.ts';
import { makeFormat } from '../../lib/format.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { meQuery, type Me } from '../../lib/session.ts';
import { FieldRow, Form, SelectField, TextField } from '../../ui/form.tsx';
import { Loaded, PageHeader, Section } from '../../ui/page.tsx';
import { toast } from '../../ui/toasts.tsx';
import { useCurrencyOptions } from '../market-data/currencies.ts';
import classes from './settings.module.css';
import { SettingsTabs } from './settings-tabs.tsx';

const LOCALES = [
  'en-GB',
  'en-IE',
  'en-US',
  'en-CA',
  'en-AU',
  'cy-GB',
  'de-DE',
  'de-CH',
  'fr-FR',
  'it-IT',
  'es-ES',
  'nl-NL',
  'sv-SE',
  'pl-PL',
  'pt-PT',
  'ja-JP',
  'en-IN',
];

const useLocaleOptions = (current: string) => {
  const { locale } = useFormat();
  return useMemo(() => {
    const names = new Intl.DisplayNames(locale, { type: 'language' });
    return [...new Set([current, ...LOCALES])].map((value) => {
      const sample = makeFormat({ locale: value, timeZone: 'UTC' });
      return {
        value,
        label: `${names.of(value) ?? value} · ${sample.money('1234.5', 'GBP')} · ${sample.day('2026-11-22')}`,
      };
    });
  }, [locale, current]);
};

const timeZones = (current: string): { value: string; label: string }[] =>
  [...new Set([current, ...Intl.supportedValuesOf('timeZone'), 'UTC'])].map((value) => ({
    value,
    label: value.replaceAll('_', ' '),
  }));

const useSave = (me: Me) => {
  const { t } = useLingui();
  const client = useQueryClient();
  return async ({
    values,
  }: {
    values: { name: string; locale: string; timezone: string; currency: string };
  }): Promise<void> => {
    const body = {
      name: values.name.trim() === '' ? null : values.name.trim(),
      locale: values.locale,
      timezone: values.timezone,
      preferences: { ...me.preferences, currency: values.currency === '' ? null : values.currency },
    };
    const saved = await api('PATCH /api/me', { body, version: me.version });
    client.setQueryData(meQuery.queryKey, saved);
    toast(t`Saved.`);
  };
};

const Profile = ({ me }: { me: Me }) => {
  const { t } = useLingui();
  const save = useSave(me);
  const locales = useLocaleOptions(me.locale);
  const currencies = useCurrencyOptions();
  const initial = {
    name: me.name ?? '',
    locale: me.locale,
    timezone: me.timezone,
    currency: me.preferences.currency ?? '',
  };
  return (
    <Form
      initial={initial}
      action={<Trans>Save</Trans>}
      submit={save}
      rename={{ 'preferences.currency': 'currency' }}
    >
      <TextField name="name" label={<Trans>Name</Trans>} autoComplete="name" />
      <FieldRow>
        <SelectField
          name="locale"
          label={<Trans>How figures and days are written</Trans>}
          options={locales}
        />
        <SelectField name="timezone" label={<Trans>Time zone</Trans>} options={timeZones(me.timezone)} />
      </FieldRow>
      <SelectField
        name="currency"
        label={<Trans>Currency of all portfolios together, and of new ones</Trans>}
        options={[{ value: '', label: t`That of the first portfolio; pounds for new ones` }, ...currencies]}
      />
    </Form>
  );
};

const Appearance = () => {
  const { t } = useLingui();
  const { theme, change } = useTheme();
  const themeName = useThemeName();
  const themes: readonly Theme[] = ['light', 'dark', 'system'];
  return (
    <Section title={<Trans>Appearance</Trans>}>
      <SegmentedControl
        aria-label={t`Theme`}
        value={theme}
        data={themes.map((value) => ({ value, label: themeName(value) }))}
        onChange={(value) => {
          const chosen = themes.find((one) => one === value);
          if (chosen) change(chosen);
        }}
      />
    </Section>
  );
};

/** The person's own settings. */
export const SettingsPage = () => {
  const query = useQuery(meQuery);
  const format = useFormat();
  return (
    <>
      <PageHeader title={<Trans>Settings</Trans>} lead={query.data?.email} />
      <SettingsTabs />
      <Loaded query={query} lines={6}>
        {(me) => (
          <div className={classes['narrow']}>
            <Section
              quiet
              title={<Trans>You</Trans>}
              lead={me.lastLoginAt !== null && <Trans>Last signed in {format.time(me.lastLoginAt)}</Trans>}
            >
              <Profile key={me.version} me={me} />
            </Section>
            <Appearance />
          </div>
        )}
      </Loaded>
    </>
  );
};
