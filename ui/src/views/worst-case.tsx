/** The first case to open: the one with the largest loss; without a loss, as on a page of one run, the first failure. */

import type { Body } from '../data/format.ts';
import type { Page, RowView } from '../data/source.ts';
import type { Change } from '../state.ts';
import { quoted } from '../table/query.ts';
import { CaseBody } from './case-body.tsx';
import { useLate } from './late.ts';
import { visible } from './text.tsx';

export function WorstCase({ page, change }: { page: Page; change: Change }) {
  const worst = useLate(() => read(page), [page]);
  if (worst === null) return null;
  const { view, body, kind } = worst;
  const { title, all, query, by } = kind;
  return (
    <section class="worst" aria-label="The case to look at first">
      <h2>
        {title}: {visible(view.label)}
      </h2>
      <CaseBody page={page} view={view} body={body} />
      <p>
        <button type="button" onClick={() => change({ query, order: { by, descending: false }, row: view.row })}>
          {all}
        </button>
      </p>
    </section>
  );
}

/** Cases of which the first is worth a look. */
interface Kind {
  title: string;
  all: string;
  query: string;
  by: string;
}

interface Worst {
  view: RowView;
  body: Body | null;
  kind: Kind;
}

function kindsOf({ baseline, deciding }: Page['head']): Kind[] {
  const failed = {
    title: 'The first case that failed',
    all: 'Go through all failures',
    query: 'is:failed',
    by: 'case',
  };
  if (baseline === null) return [failed];
  const worse = (on: string, query: string) => ({
    title: `The worst regression${on}`,
    all: `Go through all regressions${on}`,
    query,
    by: 'regression',
  });
  const first = deciding === null ? [] : [worse(` on ${visible(deciding)}`, `worse.${quoted(deciding)}>0`)];
  return [...first, worse('', 'is:regressed'), failed];
}

async function read(page: Page): Promise<Worst | null> {
  for (const kind of kindsOf(page.head)) {
    const order = { by: kind.by, descending: false };
    const chosen = await page.select(kind.query, order, () => {}, new AbortController().signal);
    const [view] = await chosen.window(0, 1);
    if (view !== undefined) return { view, body: await page.body(view.row), kind };
  }
  return null;
}
