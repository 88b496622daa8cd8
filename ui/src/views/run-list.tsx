/** The runs of a store, newest first: what to look at, and what to compare it with. */

import { useEffect, useState } from 'preact/hooks';
import type { RunRow } from '../data/format.ts';
import type { Source } from '../data/source.ts';
import { count, dollars, interval, milliseconds, percent, score, time } from '../numbers.ts';
import { visible } from './text.tsx';

interface Props {
  source: Source;
  onOpen: (candidate: string, baseline: string | null) => void;
}

export function RunList({ source, onOpen }: Props) {
  const [search, setSearch] = useState('');
  const [picked, setPicked] = useState<string | null>(null);
  const { runs, failure } = useRuns(source, search);
  const open = (run: RunRow) =>
    onOpen(run.id, picked !== null && picked !== run.id ? picked : defaultBaseline(runs, run));
  return (
    <>
      <header>
        <h1>Runs</h1>
      </header>
      <div class="search">
        <label for="search">Search</label>
        <input
          id="search"
          type="search"
          value={search}
          placeholder="name, model, tag, suite"
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
        {picked !== null && <output>Now choose the run to compare with the one picked.</output>}
      </div>
      {failure !== null && <p role="alert">{failure}</p>}
      {runs.length === 0 && failure === null && <p class="missing">There is no run here yet.</p>}
      <div class="scroll" tabIndex={0} role="region" aria-label="Table of runs">
        <table class="run-list">
          <thead>
            <tr>
              {[
                'Run',
                'Suite',
                'Model',
                'Status',
                'Cases',
                'Errors',
                'Passed',
                'Means',
                'Latency',
                'Cost',
                'Commit',
                'Started',
              ].map((name) => (
                <th scope="col" key={name}>
                  {name}
                </th>
              ))}
              <th scope="col">
                <span class="hidden">Compare</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <tr key={run.id}>
                <th scope="row">
                  <button type="button" class="case" onClick={() => open(run)}>
                    {visible(run.name)}
                  </button>
                  {run.isBaseline && (
                    <small title="Other runs of the suite are compared with this one."> baseline</small>
                  )}
                </th>
                <td>{visible(run.suite.name)}</td>
                <td>{visible(run.model)}</td>
                <td>{statusOf(run)}</td>
                <td class="number">{count(run.cases)}</td>
                <td class="number">{count(run.errored)}</td>
                <td class="number">{percent(run.passRate)}</td>
                <td>{Object.entries(run.means).map(([name, one]) => meanOf(name, one))}</td>
                <td class="number">{milliseconds(run.latencyMs)}</td>
                <td class="number">{dollars(run.costUsd)}</td>
                <td>{run.commit?.slice(0, 10) ?? '–'}</td>
                <td>{time(run.startedAt)}</td>
                <td>
                  <button
                    type="button"
                    aria-pressed={picked === run.id}
                    onClick={() => setPicked(picked === run.id ? null : run.id)}
                  >
                    Compare with…
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function useRuns(source: Source, search: string): { runs: RunRow[]; failure: string | null } {
  const [found, setFound] = useState<{ runs: RunRow[]; failure: string | null }>({ runs: [], failure: null });
  useEffect(() => {
    let isCurrent = true;
    const read = () =>
      source.runs(search).then(
        (runs) => isCurrent && setFound({ runs, failure: null }),
        (error: Error) => isCurrent && setFound({ runs: [], failure: error.message }),
      );
    const stop = source.onChange(read);
    read();
    return () => {
      isCurrent = false;
      stop();
    };
  }, [source, search]);
  return found;
}

/** The baseline of the suite, unless it is the run itself. */
function defaultBaseline(runs: RunRow[], run: RunRow): string | null {
  const baseline = runs.find((one) => one.isBaseline && one.suite.id === run.suite.id);
  return baseline === undefined || baseline.id === run.id ? null : baseline.id;
}

function statusOf(run: RunRow): string {
  if (run.status !== 'running' || run.heartbeatAt === null) return run.status;
  return `running, last write ${milliseconds(Math.max(0, Date.now() - run.heartbeatAt))} ago`;
}

function meanOf(name: string, one: RunRow['means'][string]) {
  const text = `${visible(name)} ${score(one.mean)}`;
  return (
    <span class="mean" key={name} title={`Mean of ${count(one.n)} cases; interval ${interval(one.interval)}`}>
      {text}
    </span>
  );
}
