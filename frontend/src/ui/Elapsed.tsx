import { useEffect, useState } from 'react';
import { formatSeconds } from './format';

const TICK_MS = 200;

/** The time since a moment, counting on. */
export function Elapsed({ since }: { since: string }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), TICK_MS);
    return () => window.clearInterval(timer);
  }, []);
  // The clocks of server and browser may differ a little.
  return formatSeconds(Math.max((now - Date.parse(since)) / 1000, 0));
}
