/** The first case to open: the one with the largest loss; on a page of one run, the first failure. */

import { useEffect, useState } from 'preact/hooks';
import type { Body } from '../data/format.ts';
import type { Page, RowView } from '../data/source.ts';
import type { Change } from './app.tsx';
import { CaseBody } from './case-body.tsx';
import { visible } from './text.tsx';

export function WorstCase({ page, change }: { page: Page; change: Change }) {
  const worst = useWorst(page);
  if (worst === null) return null;
  const isPair = page.head.baseline !== null;
  return (
    <section class="worst" aria-label="The case to look at first">
      <h2>
        {isPair ? 'The worst regression' : 'The first case that failed'}: {visible(worst.view.label)}
      </h2>
      <CaseBody head={page.head} annotate={page.annotate} view={worst.view} body={worst.body} />
      <p>
        <button
          type="button"
          onClick={() =>
            change({ query: isPair ? 'is:regressed' : 'is:failed', order: orderOf(isPair), row: worst.view.row })
          }
        >
          {isPair ? 'Go through all regressions' : 'Go through all failures'}
        </button>
      </p>
    </section>
  );
}

function orderOf(isPair: boolean) {
  return { by: isPair ? 'regression' : 'case', descending: false };
}

function useWorst(page: Page): { view: RowView; body: Body | null } | null {
  const [worst, setWorst] = useState<{ view: RowView; body: Body | null } | null>(null);
  useEffect(() => {
    let isCurrent = true;
    const find = async () => {
      const isPair = page.head.baseline !== null;
      const aborter = new AbortController();
      const chosen = await page.select(
        isPair ? 'is:regressed' : 'is:failed',
        orderOf(isPair),
        () => {},
        aborter.signal,
      );
      const [view] = await chosen.window(0, 1);
      if (view === undefined) return;
      const body = await page.body(view.row);
      if (isCurrent) setWorst({ view, body });
    };
    find().catch(() => {});
    return () => {
      isCurrent = false;
    };
  }, [page]);
  return worst;
}
