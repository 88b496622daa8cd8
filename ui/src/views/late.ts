import { useEffect, useState } from 'preact/hooks';

/** What `read` resolves with, `null` until then; after a change of what it depends on, the old value until the new one is there. */
export function useLate<T>(read: () => Promise<T>, on: unknown[]): T | null {
  const [found, setFound] = useState<T | null>(null);
  useEffect(() => {
    let isCurrent = true;
    read().then(
      (value) => isCurrent && setFound(value),
      () => {},
    );
    return () => {
      isCurrent = false;
    };
  }, on);
  return found;
}
