/** The filter: its text with the recent ones, and the named filters. */

import { useRef, useState } from 'preact/hooks';
import type { Head } from '../data/format.ts';
import { count } from '../numbers.ts';
import { store, storedList } from '../storage.ts';
import { type Counts, isWorstFirst, type Order } from '../table/engine.ts';
import { quoted, TEXT_FIELDS } from '../table/query.ts';
import { Presets } from './presets.tsx';
import { visible } from './text.tsx';
import { useKey } from './use-key.ts';

const RECENT = 'recent filters';
const MOST_RECENT = 10;

const isText = (value: unknown): value is string => typeof value === 'string';

interface Props {
  head: Head;
  counts: Counts | null;
  query: string;
  /** Number of matching rows; `null` before the first search. */
  chosen: number | null;
  /** Number of all rows; `null` until they are read. */
  all: number | null;
  problems: string[];
  /** The share that has been searched, from 0 to 1; `null` when no search is running. */
  progress: number | null;
  order: Order;
  onQuery: (query: string) => void;
  onOrder: (order: Order) => void;
}

export function FilterBar({ head, counts, query, chosen, all, problems, progress, order, onQuery, onOrder }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const [recent, remember] = useRecent();
  useKey('/', () => field.current?.focus());
  const add = (condition: string) => {
    const text = query === '' ? condition : `${query.trimEnd()} ${condition}`;
    onQuery(text);
    if (field.current !== null) edit(field.current, text);
  };
  return (
    <div class="filter-bar">
      <div class="search">
        <label for="filter">Filter</label>
        <input
          id="filter"
          ref={field}
          type="search"
          value={query}
          placeholder='is:failed  exact<0.5  meta.topic=geo  "any text"'
          list="recent"
          onInput={(event) => onQuery(event.currentTarget.value)}
          onChange={(event) => remember(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Escape' && field.current?.blur()}
        />
        <datalist id="recent">
          {recent.map((text) => (
            <option key={text} value={text} />
          ))}
        </datalist>
        <output for="filter">{found(chosen, all, progress)}</output>
        <Conditions head={head} onChoose={add} />
        <Sort head={head} order={order} onOrder={onOrder} />
      </div>
      <Presets head={head} counts={counts} query={query} order={order} onQuery={onQuery} onOrder={onOrder} />
      {problems.map((problem) => (
        <p role="alert" class="problem" key={problem}>
          {visible(problem)}
        </p>
      ))}
    </div>
  );
}

/** Puts a text into the field, and selects what the reader is likely to change: the value of the last condition. */
function edit(field: HTMLInputElement, text: string) {
  field.value = text;
  field.focus();
  const [value] = /[^<>=:]*$/.exec(text) ?? [''];
  field.setSelectionRange(text.length - value.length, text.length);
}

/** The last filters, and a function that adds one to them. */
function useRecent(): [string[], (used: string) => void] {
  const [recent, setRecent] = useState(() => storedList(RECENT, isText));
  const remember = (used: string) => {
    const latest = [used, ...recent.filter((one) => one !== used)].filter((one) => one !== '').slice(0, MOST_RECENT);
    store(RECENT, latest);
    setRecent(latest);
  };
  return [recent, remember];
}

function Conditions({ head, onChoose }: { head: Head; onChoose: (condition: string) => void }) {
  return (
    <select
      aria-label="Add a condition"
      value=""
      onChange={(event) => {
        onChoose(event.currentTarget.value);
        event.currentTarget.value = '';
      }}
    >
      <option value="">Add a condition…</option>
      {conditions(head).map(([name, condition]) => (
        <option key={name} value={condition}>
          {name}
        </option>
      ))}
    </select>
  );
}

function Sort({ head, order, onOrder }: Pick<Props, 'head' | 'order' | 'onOrder'>) {
  const { scorers, baseline } = head;
  const orders: [string, string][] = [['Case', 'case']];
  if (isWorstFirst(head)) orders.unshift(['Worst first', '']);
  else orders[0][1] = '';
  if (baseline !== null) orders.push(['Largest regression', 'regression']);
  for (const { name } of scorers) orders.push([visible(name), `score:${name}`]);
  if (baseline !== null) for (const { name } of scorers) orders.push([`Δ ${visible(name)}`, `delta:${name}`]);
  orders.push(['Latency', 'latency'], ['Tokens', 'tokens'], ['Cost', 'cost']);
  return (
    <label>
      Sort by{' '}
      <select value={order.by} onChange={(event) => onOrder({ by: event.currentTarget.value, descending: false })}>
        {orders.map(([name, by]) => (
          <option key={by} value={by}>
            {name}
          </option>
        ))}
      </select>{' '}
      <button
        type="button"
        aria-label={order.descending ? 'Descending' : 'Ascending'}
        onClick={() => onOrder({ ...order, descending: !order.descending })}
      >
        {order.descending ? '↓' : '↑'}
      </button>
    </label>
  );
}

/** The conditions of a filter, each with an example. */
function conditions(head: Head): [string, string][] {
  const names = head.scorers.map(({ name }) => [visible(name), quoted(name)]);
  const of = (words: string, before: string, after: string) =>
    names.map(([shown, name]): [string, string] => [`${shown} ${words}`, `${before}${name}${after}`]);
  return [
    ...of('is below', '', '<0.5'),
    ...of('is at least', '', '>=0.5'),
    ...(head.baseline === null ? [] : [...of('of the baseline is at least', 'baseline.', '>=0.5')]),
    ...(head.baseline === null ? [] : of('lost at least', 'worse.', '>=0.1')),
    ['Latency in ms', 'latency>1000'],
    ['Cost in $', 'cost>0.01'],
    ['Tokens', 'tokens>1000'],
    ['Metadata', 'meta.key=value'],
    ['Benchmark', 'benchmark:name'],
    ['Cluster', 'cluster:name'],
    ...TEXT_FIELDS.map((field): [string, string] => [`Text in ${field}`, `${field}:text`]),
  ];
}

function found(chosen: number | null, all: number | null, progress: number | null): string {
  if (progress !== null && progress > 0) return `searching, ${Math.floor(progress * 100)}%`;
  if (chosen === null || progress !== null) return 'searching…';
  if (all === null) return `the first ${count(chosen)} cases`;
  const cases = `${count(all)} ${all === 1 ? 'case' : 'cases'}`;
  return chosen === all ? cases : `${count(chosen)} of ${cases}`;
}
