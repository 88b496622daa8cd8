import { useEffect, useState } from 'preact/hooks';

/** Returns the value that `read` resolves with, `null` before the first. It is read again when one of `on` changes. */
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
