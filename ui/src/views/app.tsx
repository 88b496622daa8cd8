/** The whole page, rendered from the state in the address. */

import type { VNode } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Page, Source } from '../data/source.ts';
import { type Change, fromHash, START, toHash, type ViewState } from '../state.ts';
import { AgreementWithPeople } from './agreement.tsx';
import { CaseTable } from './case-table.tsx';
import { Charts } from './charts.tsx';
import { Failures } from './failures.tsx';
import { Header } from './header.tsx';
import { Scorers } from './scorers.tsx';
import { useKey } from './use-key.ts';
import { WorstCase } from './worst-case.tsx';

/** How often the page of a running run is refreshed. */
const GROWS_EVERY_MS = 3000;
/** A run that takes long to read is reloaded after this many times as long. */
const PATIENCE = 5;
/** A run with more cases than this is not reloaded for one label; its page shows the label when it is opened again. */
const MOST_READ_ANEW = 50_000;

/** Draws the runs to choose from. */
export type List = (onOpen: (candidate: string, baseline: string | null) => void) => VNode;

export function App({ source, list, onHelp }: { source: Source; list: List | null; onHelp: () => void }) {
  const [state, change] = useViewState();
  const isChoosing = list !== null && state.candidate === null;
  const [page, failure] = usePage(source, isChoosing, state.candidate, state.baseline);
  useKey('?', onHelp);
  return (
    <main>
      {isChoosing ? (
        list((candidate, baseline) => change({ ...START, candidate, baseline }))
      ) : failure !== null ? (
        <p role="alert" class="failure">{`This page cannot be shown: ${failure}.`}</p>
      ) : page === null ? (
        <p class="waiting">Reading the run…</p>
      ) : (
        <Report page={page} state={state} change={change} isLive={list !== null} onHelp={onHelp} />
      )}
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
  return (
    <>
      <Header head={head} isLive={isLive} onHelp={onHelp} />
      {page.whole === null ? (
        <Figures page={page} state={state} change={change} />
      ) : (
        <p class="reading" role="status">
          Reading all cases; the first ones are below.
        </p>
      )}
      <CaseTable page={page} state={state} change={change} />
      {page.whole === null && <Charts page={page} />}
    </>
  );
}

function Figures({ page, state, change }: Pick<ReportProps, 'page' | 'state' | 'change'>) {
  const { head } = page;
  /** What the reader chooses up here is shown in the table below. */
  const show: Change = (changes) => {
    change(changes);
    setTimeout(() => document.querySelector('.cases')?.scrollIntoView());
  };
  const failures = <Failures head={head} state={state} change={show} />;
  return (
    <>
      <Scorers head={head} change={show} />
      {head.baseline === null && failures}
      {state.row === null && <WorstCase page={page} change={show} />}
      {head.baseline !== null && failures}
      <AgreementWithPeople head={head} change={show} />
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

function usePage(
  source: Source,
  isChoosing: boolean,
  candidate: string | null,
  baseline: string | null,
): [Page | null, string | null] {
  const [found, setFound] = useState<[Page | null, string | null]>([null, null]);
  useEffect(() => {
    if (isChoosing) return;
    let isCurrent = true;
    let stop = () => {};
    const keep = (page: Page | null, failure: string | null) => isCurrent && setFound([page, failure]);
    const open = async (isAgain: boolean) => {
      const [again, began] = [() => open(true), performance.now()];
      try {
        let page = await source.open({ candidate, baseline }, isAgain);
        keep(page, null);
        if (page.whole !== null) page = await page.whole();
        if (page.count <= MOST_READ_ANEW) page.onAnnotated = again;
        keep(page, null);
        const pause = Math.max(GROWS_EVERY_MS, PATIENCE * (performance.now() - began));
        if (isCurrent && isGrowing(page)) stop = once(source, again, pause);
      } catch (error) {
        // What is shown stays if it cannot be reloaded, such as when the server has stopped, and is reloaded later.
        if (!isAgain) keep(null, (error as Error).message);
        else if (isCurrent) stop = once(source, again, GROWS_EVERY_MS);
      }
    };
    setFound([null, null]);
    open(false);
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

/** Calls `act` once after the next change, but not before `pause` (ms) has passed. */
function once(source: Source, act: () => void, pause: number): () => void {
  let stop = () => {};
  const timer = setTimeout(() => {
    stop = source.onChange(() => {
      stop();
      act();
    });
  }, pause);
  return () => {
    clearTimeout(timer);
    stop();
  };
}
