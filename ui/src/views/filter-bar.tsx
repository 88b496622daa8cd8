/** The filter: the text that says it, buttons for the usual ones, and the reader's own. */

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Head } from '../data/format.ts';
import { count } from '../numbers.ts';
import { quoted } from '../table/query.ts';
import { useKey } from './app.tsx';
import { forgetPreset, ownPresets, rememberPreset } from './presets.ts';
import { visible } from './text.tsx';

interface Props {
  head: Head;
  query: string;
  /** Rows chosen, of all; `null` while they are being looked for. */
  chosen: number | null;
  all: number;
  problems: string[];
  /** What part of 1 has been searched. */
  progress: number;
  onQuery: (query: string) => void;
}

export function FilterBar({ head, query, chosen, all, problems, progress, onQuery }: Props) {
  const field = useRef<HTMLInputElement>(null);
  useKey('/', () => field.current?.focus());
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
          onInput={(event) => onQuery(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Escape' && field.current?.blur()}
        />
        <output for="filter">{found(chosen, all, progress)}</output>
      </div>
      <Presets head={head} query={query} onQuery={onQuery} />
      {problems.map((problem) => (
        <p role="alert" class="problem" key={problem}>
          {visible(problem)}
        </p>
      ))}
    </div>
  );
}

function found(chosen: number | null, all: number, progress: number): string {
  if (chosen === null) return progress > 0 ? `searching, ${Math.floor(progress * 100)}%` : '…';
  const cases = `${count(all)} ${all === 1 ? 'case' : 'cases'}`;
  return chosen === all ? cases : `${count(chosen)} of ${cases}`;
}

function Presets({ head, query, onQuery }: { head: Head; query: string; onQuery: (query: string) => void }) {
  const [own, setOwn] = useState<string[]>([]);
  useEffect(() => setOwn(ownPresets()), []);
  const isOwn = own.includes(query);
  return (
    <div class="presets" role="group" aria-label="Usual filters">
      {usual(head).map(([name, text]) => (
        <button type="button" key={name} aria-pressed={query === text} onClick={() => onQuery(text)}>
          {name}
        </button>
      ))}
      {own.map((text) => (
        <button type="button" class="own" key={text} aria-pressed={query === text} onClick={() => onQuery(text)}>
          {visible(text)}
        </button>
      ))}
      {query !== '' && !isOwn && (
        <button
          type="button"
          class="quiet"
          onClick={() => setOwn(rememberPreset(query))}
          title="Keep this filter in this browser"
        >
          Keep filter
        </button>
      )}
      {isOwn && (
        <button type="button" class="quiet" onClick={() => setOwn(forgetPreset(query))}>
          Forget filter
        </button>
      )}
    </div>
  );
}

function usual(head: Head): [string, string][] {
  const of = (name: string) => quoted(name);
  const one: [string, string][] = [
    ['All', ''],
    ['Failed', 'is:failed'],
    ['Passed', 'is:passed'],
    ['Errored', 'is:errored'],
    ['Unscored', 'is:unscored'],
    ['Trials disagree', 'is:disagreeing'],
  ];
  if (head.baseline === null) return one;
  const [first] = head.scorers;
  const two: [string, string][] = [
    ['Worse', 'is:regressed'],
    ['Better', 'is:improved'],
    ['Output changed', 'is:changed'],
    ['In one run only', 'is:unpaired'],
  ];
  if (first !== undefined && !first.lowerIsBetter) {
    two.push(['Right, now wrong', `baseline.${of(first.name)}>=0.5 candidate.${of(first.name)}<0.5`]);
  }
  return [...one, ...two];
}
