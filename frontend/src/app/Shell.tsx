import {
  ActionIcon,
  Divider,
  Menu,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { IconDatabase, IconKey, IconLanguage, IconLock, IconMoon, IconSun } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, use, useState } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { Link, Outlet } from 'react-router';
import { ApiError } from '../api/client';
import { sessionQuery } from '../api/queries';
import { LANGUAGES, setLanguage } from '../i18n';
import { Loading, Notice } from '../ui/Notice';
import classes from './Shell.module.css';

const HeaderSlot = createContext<HTMLElement | null>(null);

/** Puts what a page wants in the header there. */
export function Header({ children }: { children: ReactNode }) {
  const slot = use(HeaderSlot);
  return slot ? createPortal(children, slot) : null;
}

/** Pushes what follows it in the header to the right. */
export function HeaderSpace() {
  return <div className={classes.space} />;
}

export function Shell() {
  const { t } = useTranslation('app');
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  return (
    <div className={classes.shell}>
      <header className={classes.header}>
        <Link to="/" className={classes.brand}>
          <img src="/favicon.svg" alt="" width={26} height={26} />
          {t('title')}
        </Link>
        <div className={classes.slot} ref={setSlot} />
        <Divider orientation="vertical" className={classes.line} />
        <HeaderLink to="/datasets" label={t('datasets')} icon={<IconDatabase size={18} />} />
        <HeaderLink to="/secrets" label={t('secrets')} icon={<IconLock size={18} />} />
        <HeaderLink to="/tokens" label={t('tokens')} icon={<IconKey size={18} />} />
        <LanguageMenu />
        <SchemeButton />
      </header>
      <main className={classes.main}>
        <HeaderSlot value={slot}>
          <SignedIn />
        </HeaderSlot>
      </main>
    </div>
  );
}

function SignedIn() {
  const { t } = useTranslation('app');
  const session = useQuery(sessionQuery);
  if (session.isPending) return <Loading />;
  if (session.isSuccess) return <Outlet />;
  const signedOut = session.error instanceof ApiError && session.error.status === 401;
  return (
    <Notice title={signedOut ? t('signed_out_title') : t('failed_title')}>
      {signedOut ? t('signed_out_text') : session.error.message}
    </Notice>
  );
}

function HeaderLink({ to, label, icon }: { to: string; label: string; icon: ReactNode }) {
  return (
    <Tooltip label={label}>
      <ActionIcon component={Link} to={to} variant="subtle" color="gray" size="lg" aria-label={label}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}

function LanguageMenu() {
  const { t } = useTranslation('app');
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('language')}>
          <IconLanguage size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {Object.entries(LANGUAGES).map(([code, name]) => (
          <Menu.Item key={code} lang={code} onClick={() => setLanguage(code)}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function SchemeButton() {
  const { t } = useTranslation('app');
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme('light') === 'dark';
  const label = t(dark ? 'theme_light' : 'theme_dark');
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={label}
        onClick={() => setColorScheme(dark ? 'light' : 'dark')}
      >
        {dark ? <IconSun size={18} /> : <IconMoon size={18} />}
      </ActionIcon>
    </Tooltip>
  );
}
