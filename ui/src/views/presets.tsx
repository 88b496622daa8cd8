/** Filters under a name: the usual ones, those of the team (`--presets`), and those that the reader keeps in this browser. */

import { useState } from 'preact/hooks';
import type { Head, Preset } from '../data/format.ts';
import { offer } from '../export.ts';
import { count } from '../numbers.ts';
import { orderOf, sortOf } from '../state.ts';
import { store, storedList } from '../storage.ts';
import { type Counts, DEFAULT_ORDER, type Order } from '../table/engine.ts';
import { usual } from '../table/usual.ts';
import { visible } from './text.tsx';

const KEY = 'presets';

interface Props {
  head: Head;
  counts: Counts | null;
  query: string;
  order: Order;
  onQuery: (query: string) => void;
  onOrder: (order: Order) => void;
}

export function Presets({ head, counts, query, order, onQuery, onOrder }: Props) {
  const [own, setOwn] = useState(() => storedList(KEY, isPreset));
  const keep = (presets: Preset[]) => {
    store(KEY, presets);
    setOwn(presets);
  };
  const named = [...head.presets, ...own];
  const isChosen = ({ filter, sort }: Preset) => filter === query && (sort === undefined || sort === sortOf(order));
  const choose = ({ filter, sort }: Preset) => {
    onQuery(filter);
    if (sort !== undefined) onOrder(orderOf(sort));
  };
  const usuals = usual(head).filter(([, text]) => text === query || counts?.[text] !== 0);
  const isNew = !named.some(isChosen) && !usuals.some(([, text]) => text === query);
  return (
    <div class="presets" role="group" aria-label="Usual filters">
      {usuals.map(([name, text]) => (
        <button type="button" key={name} aria-pressed={query === text} onClick={() => onQuery(text)}>
          {visible(name)} {counts !== null && <small>{count(counts[text])}</small>}
        </button>
      ))}
      {named.map((preset, at) => (
        <button
          type="button"
          class="named"
          key={at}
          aria-pressed={isChosen(preset)}
          title={visible(preset.filter)}
          onClick={() => choose(preset)}
        >
          {visible(preset.name || preset.filter)}
        </button>
      ))}
      {isNew && <NewPreset key={query} query={query} onName={(name) => keep([...own, presetOf(name, query, order)])} />}
      {own.some(isChosen) && (
        <button type="button" class="quiet" onClick={() => keep(own.filter((one) => !isChosen(one)))}>
          Forget filter
        </button>
      )}
      {own.length > 0 && <SavePresets presets={named} />}
    </div>
  );
}

function SavePresets({ presets }: { presets: Preset[] }) {
  return (
    <button
      type="button"
      class="quiet"
      title="For the team: with --presets, reports and the live page show these filters."
      onClick={() => offer([JSON.stringify(presets, null, 2)], 'application/json', 'presets.json')}
    >
      Save filters to a file
    </button>
  );
}

/** Asks for the name of a filter. */
function NewPreset({ query, onName }: { query: string; onName: (name: string) => void }) {
  const [name, setName] = useState<string | null>(null);
  if (name === null) {
    return (
      <button type="button" class="quiet" onClick={() => setName('')} title="Keeps this filter in this browser">
        Name this filter
      </button>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onName(name.trim() || query);
      }}
    >
      <input
        aria-label="Name of the filter"
        placeholder="Name of the filter"
        ref={(field) => field?.focus()}
        value={name}
        onInput={(event) => setName(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && setName(null)}
      />{' '}
      <button type="submit">Keep</button>
    </form>
  );
}

function presetOf(name: string, filter: string, order: Order): Preset {
  const sort = sortOf(order);
  return sort === sortOf(DEFAULT_ORDER) ? { name, filter } : { name, filter, sort };
}

function isPreset(value: unknown): value is Preset {
  const { name, filter, sort } = (value ?? {}) as Record<string, unknown>;
  return typeof name === 'string' && typeof filter === 'string' && ['string', 'undefined'].includes(typeof sort);
}
