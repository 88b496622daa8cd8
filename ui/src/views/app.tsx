/** The whole page, rendered from the state in the address. */

import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Page, Source } from '../data/source.ts';
import { fromHash, START, toHash, type ViewState } from '../state.ts';
import { AgreementWithPeople } from './agreement.tsx';
import { CaseTable } from './case-table.tsx';
import { Charts } from './charts.tsx';
import { Failures } from './failures.tsx';
import { Header } from './header.tsx';
import { Help } from './help.tsx';
import { RunList } from './run-list.tsx';
import { Scorers } from './scorers.tsx';
import { WorstCase } from './worst-case.tsx';

/** How often the page of a running run is refreshed. */
const GROWS_EVERY_MS = 3000;
/** A run with more cases than this is not reloaded for one label; its page shows the label when it is opened again. */
const MOST_READ_ANEW = 50_000;

export type Change = (change: Partial<ViewState>) => void;

export function App({ source }: { source: Source }) {
  const [state, change] = useViewState();
  const [page, failure] = usePage(source, state.candidate, state.baseline);
  const [isHelpOpen, showHelp] = useState(false);
  useKey('?', () => showHelp(true));
  const chooses = state.candidate === null ? source.runs : null;
  return (
    <main>
      {chooses !== null ? (
        <RunList
          runs={chooses}
          onChange={source.onChange}
          onOpen={(candidate, baseline) => change({ ...START, candidate, baseline })}
        />
      ) : failure !== null ? (
        <p role="alert" class="failure">{`This page cannot be shown: ${failure}.`}</p>
      ) : page === null ? (
        <p class="waiting">Reading the run…</p>
      ) : (
        <Report page={page} state={state} change={change} isLive={source.runs !== null} onHelp={() => showHelp(true)} />
      )}
      {isHelpOpen && <Help onClose={() => showHelp(false)} />}
    </main>
  );
}

interface ReportProps {
  page: Page;
  state: ViewState;
  change: Change;
  isLive: boolean;
  onHelp: () => void;
}

function Report({ page, state, change, isLive, onHelp }: ReportProps) {
  const { head } = page;
  const failures = <Failures head={head} state={state} change={change} />;
  return (
    <>
      <Header head={head} isLive={isLive} onHelp={onHelp} />
      <Scorers head={head} change={change} />
      {head.baseline === null && failures}
      {state.row === null && <WorstCase page={page} change={change} />}
      {head.baseline !== null && failures}
      <AgreementWithPeople head={head} change={change} />
      <Charts head={head} charts={page.charts} />
      <CaseTable page={page} state={state} change={change} />
    </>
  );
}

/** Keeps the state in the address. Opening a case or another run adds to the browser's history; a filter does not. */
function useViewState(): [ViewState, Change] {
  const [state, setState] = useState(() => fromHash(location.hash));
  useEffect(() => {
    const follow = () => setState(fromHash(location.hash));
    addEventListener('popstate', follow);
    addEventListener('hashchange', follow);
    return () => {
      removeEventListener('popstate', follow);
      removeEventListener('hashchange', follow);
    };
  }, []);
  const change = useCallback<Change>((changes) => {
    setState((before) => {
      const after = { ...before, ...changes };
      const address = toHash(after) || location.pathname + location.search;
      const isStep = after.candidate !== before.candidate || (before.row === null && after.row !== null);
      if (isStep) history.pushState(null, '', address);
      else history.replaceState(null, '', address);
      return after;
    });
  }, []);
  return [state, change];
}

function usePage(source: Source, candidate: string | null, baseline: string | null): [Page | null, string | null] {
  const [found, setFound] = useState<[Page | null, string | null]>([null, null]);
  useEffect(() => {
    if (source.runs !== null && candidate === null) return;
    let isCurrent = true;
    let stop = () => {};
    const keep = (page: Page | null, failure: string | null) => isCurrent && setFound([page, failure]);
    const open = async () => {
      try {
        const page = await source.open({ candidate, baseline });
        if (page.count <= MOST_READ_ANEW) page.onAnnotated = open;
        keep(page, null);
        if (isCurrent && isGrowing(page)) stop = once(source, open);
      } catch (error) {
        keep(null, (error as Error).message);
      }
    };
    setFound([null, null]);
    open();
    return () => {
      isCurrent = false;
      stop();
    };
  }, [source, candidate, baseline]);
  return found;
}

function isGrowing({ head }: Page): boolean {
  return [head.baseline, head.candidate].some((run) => run?.status === 'running');
}

/** Calls `act` once after the next change, but not before the interval has passed. */
function once(source: Source, act: () => void): () => void {
  let stop = () => {};
  const timer = setTimeout(() => {
    stop = source.onChange(() => {
      stop();
      act();
    });
  }, GROWS_EVERY_MS);
  return () => {
    clearTimeout(timer);
    stop();
  };
}

/** Calls `act` when the key is pressed outside an input field. */
export function useKey(key: string, act: () => void) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== key || event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [key, act]);
}

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'SELECT', 'TEXTAREA'].includes(target.tagName))
  );
}
