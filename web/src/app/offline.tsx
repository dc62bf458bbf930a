import { Trans } from '@lingui/react/macro';
import { IconCloudOff } from '@tabler/icons-react';
import { useSyncExternalStore } from 'react';
import { isOnline, subscribeConnection } from '../lib/connection.ts';
import { useLiveAway } from '../lib/live.ts';
import classes from './frame.module.css';

/** Says quietly that the server is away, for as long as it is. */
export const OfflineBanner = () => {
  const online = useSyncExternalStore(subscribeConnection, isOnline);
  const away = useLiveAway();
  return (
    <div role="status">
      {!online && (
        <p className={classes['offline']}>
          <IconCloudOff aria-hidden size={17} />
          <span>
            <Trans>
              No connection to the server. You see the last known figures; the page goes on by itself when it
              is back.
            </Trans>
          </span>
        </p>
      )}
      {online && away && (
        <p className={classes['offline']}>
          <IconCloudOff aria-hidden size={17} />
          <span>
            <Trans>
              Live prices are paused: their connection is lost and is taken up again by itself. What you open
              or reload is current.
            </Trans>
          </span>
        </p>
      )}
    </div>
  );
};
