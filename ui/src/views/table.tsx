/** The frame of a table. The table of cases does not use it, because only its visible rows are in the document. */

import type { ComponentChildren } from 'preact';

export type Heading = [name: ComponentChildren, meaning?: string, isNumber?: boolean];

/** A table that scrolls if it is too wide, with the keyboard as well. */
export function Table(props: { label: string; headings: Heading[]; kind?: string; children: ComponentChildren }) {
  return (
    <div class={`scroll ${props.kind ?? ''}`} tabIndex={0} role="region" aria-label={props.label}>
      <table>
        <thead>
          <tr>
            {props.headings.map(([name, meaning, isNumber], at) => (
              <th scope="col" key={at} title={meaning} class={isNumber ? 'number' : ''}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{props.children}</tbody>
      </table>
    </div>
  );
}
