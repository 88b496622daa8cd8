/**
 * The first case to open: the one with the largest loss; without a loss, as on a page of one run, the first failure. Of equal losses, one
 * that has what the regressions have in common comes first, and so of failures.
 */

import type { Body } from '../data/format.ts';
import type { Page, RowView } from '../data/source.ts';
import type { Change } from '../state.ts';
import { failureName } from '../table/predicates.ts';
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
  /** The cases among them that have in common what most of them have. */
  typical?: Kind;
}

interface Worst {
  view: RowView;
  body: Body | null;
  kind: Kind;
}

/** Makes a kind of the cases of a scorer, or of those with a filter besides. */
type Of = (on: string, query: string) => Kind;

const failed: Of = (on, query) => ({
  title: `The first failure${on}`,
  all: `Go through all failures${on}`,
  query: `is:failed${query}`,
  by: 'case',
});
const worse: Of = (on, query) => ({
  title: `The worst regression${on}`,
  all: `Go through all regressions${on}`,
  query,
  by: 'regression',
});

function kindsOf({ baseline, deciding, failures }: Page['head']): Kind[] {
  const shared = failures.find(({ scorer, all }) => all !== null && (baseline === null || scorer === deciding));
  const withTypical = (of: Of, on: string, query: string): Kind => ({
    ...of(on, query),
    typical:
      shared && of(`${on} with ${visible(shared.message ?? '')}`, `${query} failure:${quoted(failureName(shared))}`),
  });
  if (baseline === null) return [withTypical(failed, '', '')];
  const any = [worse('', 'is:regressed'), failed('', '')];
  if (deciding === null) return any;
  return [withTypical(worse, ` on ${visible(deciding)}`, `worse.${quoted(deciding)}>0`), ...any];
}

async function read(page: Page): Promise<Worst | null> {
  for (const kind of kindsOf(page.head)) {
    const view = await first(page, kind);
    if (view === undefined) continue;
    const other = kind.typical && (await first(page, kind.typical));
    const scorer = page.head.scorers.findIndex(({ name }) => name === page.head.deciding);
    const isTypical = other !== undefined && other.gains[scorer] === view.gains[scorer];
    const [chosen, of] = isTypical ? [other, kind.typical ?? kind] : [view, kind];
    return { view: chosen, body: await page.body(chosen.row), kind: of };
  }
  return null;
}

async function first(page: Page, { by, query }: Kind): Promise<RowView | undefined> {
  const chosen = await page.select(query, { by, descending: false }, () => {}, new AbortController().signal);
  const [view] = await chosen.window(0, 1);
  return view;
}
