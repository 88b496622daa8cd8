/** A long list of which the first items are in sight, and the others a click away. */

import type { ComponentChildren } from 'preact';

interface Props<T> {
  items: T[];
  most: number;
  /** The word for the items. */
  what: string;
  draw: (some: T[]) => ComponentChildren;
}

export function Cut<T>({ items, most, what, draw }: Props<T>) {
  // A single one takes no more room than the line that hides it.
  const shown = items.length <= most + 1 ? items.length : most;
  return (
    <div>
      {draw(items.slice(0, shown))}
      {items.length > shown && (
        <details>
          <summary>{`${items.length - shown} more ${what}`}</summary>
          {draw(items.slice(shown))}
        </details>
      )}
    </div>
  );
}
