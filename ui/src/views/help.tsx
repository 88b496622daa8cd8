import { useEffect, useRef } from 'preact/hooks';
import { STATES, TEXT_FIELDS } from '../table/query.ts';

const KEYS = [
  ['j', 'next case'],
  ['k', 'previous case'],
  ['e', 'open or close the case'],
  ['/', 'go to the filter'],
  ['p, f', 'label the open case as pass or fail, in the live page'],
  ['?', 'this sheet'],
];

const FILTERS = [
  ['"some words"', 'cases with this text anywhere'],
  [`${TEXT_FIELDS.slice(0, 4).join(':…, ')}:…`, 'with the text in this part'],
  [`is:${STATES.slice(0, 3).join(', is:')}, …`, `one of ${STATES.join(', ')}`],
  ['exact<0.5', 'the candidate’s score of “exact”; also <=, >, >=, =, !='],
  ['baseline.exact>=1', 'the baseline’s score'],
  ['worse.exact>=0.2', 'cases that got worse by at least 0.2'],
  ['latency>1000, cost>0.01, tokens>500', 'what was measured in the candidate'],
  ['meta.topic=geo, meta.level.value>3', 'metadata, also nested'],
  ['messages.assistant:…', 'with the text in a message of this role'],
  ['benchmark:gsm8k, cluster:doc-7', 'the group of a case'],
];

/** The keyboard shortcuts and the syntax of the filter. */
export function Help({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={onClose} aria-label="Help">
      <h2>Keys</h2>
      <List rows={KEYS} />
      <h2>Filter</h2>
      <p>
        Terms with a space between them all have to hold. The address holds the filter: a link shows the same to others.
      </p>
      <List rows={FILTERS} />
      <button type="button" onClick={() => dialog.current?.close()}>
        Close
      </button>
    </dialog>
  );
}

function List({ rows }: { rows: string[][] }) {
  return (
    <dl class="help">
      {rows.map(([term, meaning]) => (
        <div key={term}>
          <dt>
            <kbd>{term}</kbd>
          </dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
  );
}
