// The page in a real browser: as a file, with the texts of somebody with bad intentions, by the keyboard, on paper.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { RunStore } from 'runstore';
import { htmlReport, listAnnotations, startViewer } from 'runstore/report';
import { axeFindings, chromiumPath, launchBrowser, openPage } from './support/browser.mjs';
import { newPath, openStore, temporaryDirectory } from './support/connections.mjs';
import { isFirstNode } from './support/first-node.mjs';
import { saveCapitals } from './support/page-runs.mjs';
import { saveRun } from './support/runs.mjs';
import { isShort } from './support/scope.mjs';

const SCREENS = {
  'light and wide': { colorScheme: 'light', viewport: { width: 1360, height: 900 } },
  'dark and wide': { colorScheme: 'dark', viewport: { width: 1360, height: 900 } },
  'a phone': { colorScheme: 'light', viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true },
};

if (chromiumPath !== undefined && isFirstNode && !isShort) {
  describe('the page in a browser', () => {
    let browser;
    before(async () => {
      browser = await launchBrowser();
    });
    after(() => browser.close());

    /** Writes a page to a file and opens it there. */
    async function openFile(t, html, options) {
      const file = join(temporaryDirectory(t), 'report.html');
      writeFileSync(file, html);
      return openPage(t, browser, pathToFileURL(file).href, options);
    }

    function pairPage() {
      const store = new RunStore(':memory:');
      const [baseline, candidate] = saveCapitals(store);
      const html = htmlReport(store, candidate, { baseline });
      store.close();
      return html;
    }

    for (const [name, screen] of Object.entries(SCREENS)) {
      test(`on ${name}: the worst regression is open, nothing is asked for, and axe finds nothing`, async (t) => {
        const { page, faults } = await openFile(t, pairPage(), screen);
        await page.getByRole('heading', { name: /The worst regression on exact: country-7/ }).waitFor();
        assert.match(await page.locator('h1').innerText(), /^Candidate is worse on exact: 1\.000 → 0\.875/);
        assert.equal(await page.locator('.worst del').first().innerText(), 'City');
        assert.equal(await page.locator('.worst ins').first().innerText(), 'Town');
        assert.deepEqual(await axeFindings(page), []);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(overflow <= 0, `the page is ${overflow} pixels too wide`);
        assert.deepEqual(faults, []);
      });
    }

    test('of equal regressions, one that has what they have in common is open', async (t) => {
      const store = openStore(t);
      const suite_id = store.createSuite('suite').id;
      // Cases 0 and 1 get worse on exact, as those in sw do, and the most on tone.
      const side = (isAfter) => {
        const one = (at) => {
          const isWorse = isAfter && (at < 2 || at >= 85);
          const scores = { exact: isWorse ? 0 : 1, tone: isAfter && at < 2 ? 0.1 : 0.9 };
          return {
            key: `case-${at}`,
            input: at,
            output: isWorse ? 'no' : 'yes',
            scores,
            metadata: { language: at < 80 ? 'en' : 'sw' },
          };
        };
        return saveRun(
          store,
          suite_id,
          Array.from({ length: 100 }, (_, at) => one(at)),
        );
      };
      const { page } = await openFile(t, htmlReport(store, side(true), { baseline: side(false) }));
      await page.getByRole('heading', { name: /The worst regression on exact with language=sw: case-85/ }).waitFor();
      await page
        .getByText('15 of the 20 cases with language=sw got worse on exact (75%), but 2.5% of the others.')
        .waitFor();
    });

    test('the main path takes nothing but the keyboard, and the address keeps it', async (t) => {
      const { page, faults } = await openFile(t, pairPage());
      const rows = page.locator('.grid .body [role=row]');
      await rows.first().waitFor();
      await page.keyboard.press('/');
      await page.locator('.search input:focus').waitFor();
      await page.keyboard.type('is:regressed');
      await page.locator('.cases').getByText('10 of 80').waitFor();
      await page.keyboard.press('Escape');
      await page.keyboard.press('j');
      await page
        .getByRole('article', { name: 'The case that is open' })
        .getByText('country-7', { exact: true })
        .waitFor();
      await page.keyboard.press('j');
      const open = page.getByRole('article', { name: 'The case that is open' });
      await open.getByRole('heading', { name: 'country-15', exact: true }).waitFor();
      await page.keyboard.press('k');
      await open.getByRole('heading', { name: 'country-7', exact: true }).waitFor();
      assert.match(page.url(), /#q=is%3Aregressed&case=8$/);
      await page.reload();
      await open.getByRole('heading', { name: 'country-7', exact: true }).waitFor();
      assert.equal(await page.locator('.search input').inputValue(), 'is:regressed');
      await page.keyboard.press('e');
      await open.waitFor({ state: 'detached' });
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
      // It opens at its beginning, and says what the columns of the scorers mean.
      assert.equal(await page.getByRole('dialog').evaluate((dialog) => dialog.scrollTop), 0);
      const terms = await page.locator('#figures dt').allInnerTexts();
      const columns = await page.locator('.scorers thead th').allInnerTexts();
      assert.deepEqual(
        columns.filter((name) => !terms.includes(name)),
        ['Scorer', 'Difference and interval', 'Cases that changed'],
      );
      assert.deepEqual(await axeFindings(page), []);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      assert.deepEqual(faults, []);
    });

    test('a text is searched in all blocks, and what is seen can be exported', async (t) => {
      const store = new RunStore(':memory:');
      const [, candidate] = saveCapitals(store, 1201);
      const { page, faults } = await openFile(t, htmlReport(store, candidate));
      store.close();
      await page.locator('.search input').fill('output:"City 1200"');
      await page.locator('.cases').getByText('1 of 1,201').waitFor();
      const downloads = [];
      for (const kind of ['CSV', 'JSONL']) {
        const download = page.waitForEvent('download');
        await page.getByRole('button', { name: kind, exact: true }).click();
        downloads.push(readFileSync(await (await download).path(), 'utf8'));
      }
      const [csv, jsonl] = downloads;
      assert.equal(csv.trim().split('\r\n').length, 2);
      assert.ok(csv.includes('The capital is City 1200.'));
      assert.equal(JSON.parse(jsonl).candidate[0].output, 'The capital is City 1200.');
      assert.deepEqual(faults, []);
    });

    test('texts with bad intentions stay texts, in every field', async (t) => {
      const attacks = [
        '<script>alert(1)</script>',
        '</script><script>alert(2)</script>',
        '<img src=x onerror=alert(3)>',
        '"><svg onload=alert(4)>',
        "' onmouseover='alert(5)",
        '[link](javascript:alert(6))',
        'javascript:alert(7)',
        '{{constructor.constructor("alert(8)")()}}',
        '<!-- --!> ]]> <style>*{display:none}</style>',
        '<iframe srcdoc="<script>alert(9)</script>"></iframe>',
        '\u202egnp.exe\u202c \u2066\u2067\u0000\u001b[31m\ud800',
        '<meta http-equiv=refresh content="0;url=https://example.com">',
        '__proto__',
      ];
      const store = new RunStore(':memory:');
      const run = (suite_id, name, output) =>
        saveRun(
          store,
          suite_id,
          attacks.map((text, at) => ({
            ...{
              key: `${at} ${text}`,
              input: { [text]: text },
              expected: text,
              output: `${output} ${text}`,
              error: text,
            },
            ...{ benchmark: text, cluster: text, metadata: { [text]: [text] } },
            scores: { [attacks[at % 5]]: at % 2, 'a "b" <c>': name.length % 2 },
          })),
          { name, model: attacks.join(' '), tags: attacks, git: { commit: attacks[1], branch: attacks[2] } },
        );
      const suite_id = store.createSuite(attacks.join(' ')).id;
      const baseline = run(suite_id, `${attacks[0]}1`, 'a');
      const candidate = run(suite_id, `${attacks[1]}22`, 'b');
      store.saveTrajectories(
        candidate,
        attacks.map((text, at) => ({
          ...{ benchmark: text, idx: at, reward: 1 },
          turns: [{ role: 'user', content: text, token_count: 1 }],
        })),
      );
      const cases = store.getCases(candidate);
      store.saveScores(
        cases.map(({ id }, at) => ({
          case_id: id,
          scorer_name: 'why',
          score: 0,
          reason: attacks[at],
          answer: attacks[at],
        })),
      );
      const html = htmlReport(store, candidate, { baseline });
      store.close();
      const { page, faults } = await openFile(t, html);
      await page.locator('.grid .body [role=row]').first().waitFor();
      assert.equal(await page.locator('.grid .body [role=row]').count(), attacks.length);
      for (const [at] of attacks.entries()) {
        await page.keyboard.press('j');
        const detail = page.getByRole('article', { name: 'The case that is open' });
        await detail
          .getByRole('heading', { level: 3 })
          .filter({ hasText: `${at} ` })
          .first()
          .waitFor();
      }
      await page.evaluate(() => {
        for (const details of document.querySelectorAll('details')) details.open = true;
      });
      const strange = await page.evaluate(() => ({
        elements: document.querySelectorAll(
          'main script, main img, main iframe, main style, main meta, main [onmouseover]',
        ).length,
        links: [...document.querySelectorAll('a')].filter(({ protocol }) => protocol === 'javascript:').length,
        controls: /[\u202a-\u202e\u2066-\u2069]/.test(document.querySelector('main').innerText),
      }));
      assert.deepEqual(strange, { elements: 0, links: 0, controls: false });
      assert.deepEqual(await axeFindings(page), []);
      assert.deepEqual(faults, []);
    });

    test('a line of ten megabytes is cut until it is asked for', async (t) => {
      const store = new RunStore(':memory:');
      const long = 'x'.repeat(10_000_000);
      const run = saveRun(store, store.createSuite('long').id, [
        { input: long, output: long, error: long, scores: { exact: 0 } },
      ]);
      const { page, faults } = await openFile(t, htmlReport(store, run));
      store.close();
      await page.getByRole('button', { name: 'Show all 10,000,000 characters' }).first().waitFor();
      assert.ok((await page.locator('main').innerText()).length < 200_000);
      assert.deepEqual(faults, []);
    });

    test('it prints', async (t) => {
      const store = new RunStore(':memory:');
      const [baseline, candidate] = saveCapitals(store, 1200);
      const { page, faults } = await openFile(t, htmlReport(store, candidate, { baseline }));
      store.close();
      await page.getByRole('heading', { name: /The worst regression/ }).waitFor();
      await page.locator('.grid .body [role=row]').first().waitFor();
      const pdf = await page.pdf({ format: 'A4' });
      assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
      await page.emulateMedia({ media: 'print' });
      assert.ok(await page.getByRole('heading', { name: /The worst regression/ }).isVisible());
      assert.ok(!(await page.getByRole('button', { name: 'CSV' }).isVisible()));
      // What no pointer can ask for on paper: the meanings of figures, and the marks of the intervals.
      assert.ok(await page.locator('#figures dt').getByText('Detectable', { exact: true }).isVisible());
      assert.ok(!(await page.locator('.screen').isVisible()));
      const top = (locator) => locator.evaluate((element) => element.getBoundingClientRect().top);
      assert.ok((await top(page.locator('#help'))) > (await top(page.locator('.cases'))), 'the report comes first');
      assert.ok(
        await page.locator('.grid .body [role=cell]:nth-child(2) span').first().isVisible(),
        'outputs are printed',
      );
      const key = page.getByRole('region', { name: 'Scorers', exact: true }).locator('.key');
      for (const words of ['its 95% interval', 'the accepted loss (the margin)', 'Detectable: The smallest true']) {
        assert.ok(await key.getByText(words).isVisible(), words);
      }
      // No empty pages for the 1,200 rows that are not in the document.
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      assert.ok(height < 8000, `${height} pixels high`);
      assert.deepEqual(faults, []);
    });

    test('a page without the texts says so in their place', async (t) => {
      const store = new RunStore(':memory:');
      const [baseline, candidate] = saveCapitals(store);
      const { page, faults } = await openFile(
        t,
        htmlReport(store, candidate, { baseline, maxCases: 2, redact: ['metadata'] }),
      );
      store.close();
      await page.getByRole('heading', { name: 'Left out of this file' }).waitFor();
      await page.locator('.search input').fill('key:country-3');
      await page.locator('.cases').getByText('0 of 80').waitFor();
      await page.evaluate(() => {
        location.hash = '#case=4';
      });
      await page.getByText('The texts of this case were left out.').waitFor();
      assert.deepEqual(faults, []);
    });

    test('live: a list of runs, any two side by side, a baseline, and a run that grows', async (t) => {
      const store = openStore(t, newPath(t));
      const [, candidate] = saveCapitals(store);
      const evil = '<img src=x onerror=alert(1)>';
      const growing = saveRun(store, store.createSuite(evil).id, [{ input: evil, scores: { [evil]: 0.25 } }], {
        ...{ name: evil, model: evil, tags: [evil], status: 'running' },
      });
      const viewer = await startViewer(store);
      t.after(() => viewer.close());
      const origin = `http://127.0.0.1:${viewer.port}/`;
      const { page, faults } = await openPage(t, browser, viewer.url, { allows: (url) => url.startsWith(origin) });
      const row = (name) => page.getByRole('row').filter({ hasText: name });
      await row('pr-2').getByText('88%').waitFor();
      assert.equal(page.url(), origin);
      assert.deepEqual(await axeFindings(page), []);

      await row('main-1').getByRole('button', { name: 'Make baseline' }).click();
      await row('main-1').getByText('baseline', { exact: true }).waitFor();
      await row('pr-2').getByText('−0.125').waitFor();
      await row('pr-2').getByRole('button', { name: 'pr-2' }).click();
      await page.getByRole('heading', { name: /The worst regression on exact: country-7/ }).waitFor();
      await page.locator('.search input').fill('is:regressed input:"country 79"');
      await page.locator('.cases').getByText('1 of 80').waitFor();
      assert.deepEqual(await axeFindings(page), []);
      await page.getByLabel('Name').fill('ada');
      await page.getByLabel('Note').fill('It is a town.');
      await page.getByRole('button', { name: 'Fail', exact: true }).click();
      await page.getByText('Saved as human:ada').waitFor();
      const [{ name, score, note }] = listAnnotations(store, candidate);
      assert.deepEqual({ name, score, note }, { name: 'ada', score: 0, note: 'It is a town.' });
      // What was said is there at once, and how far the scorer agrees with it.
      const agreement = page.getByRole('region', { name: 'Agreement with people' });
      await agreement.getByText('on 1 attempt').waitFor();
      await page.locator('main').click({ position: { x: 2, y: 2 } });
      await page.keyboard.press('p');
      await agreement
        .getByTitle(/^ada says pass, exact fail/)
        .filter({ hasText: '1' })
        .click();
      assert.equal(await page.locator('.search input').inputValue(), '"human:ada"=1 exact=0');
      await page.locator('.cases').getByText('1 of 80').waitFor();
      assert.deepEqual(await axeFindings(page), []);
      await page.getByRole('link', { name: 'All runs' }).click();

      await row('main-1').getByRole('checkbox').check();
      await row('pr-2').getByRole('checkbox').check();
      await page.getByRole('button', { name: 'Compare pr-2 with main-1' }).click();
      await page.getByRole('heading', { name: /The worst regression on exact: country-7/ }).waitFor();
      await page.goBack();

      await row('<img').getByRole('button', { name: '<img' }).first().click();
      await page.locator('.cases').getByText('1 case').waitFor();
      store.saveResults(growing, [{ idx: 1, input: 'later', scores: { [evil]: 1 } }]);
      const writer = setInterval(() => store.createSuite('more'), 700);
      await page
        .locator('.cases')
        .getByText('2 cases')
        .waitFor()
        .finally(() => clearInterval(writer));
      assert.deepEqual(faults, []);
    });

    test('live: a filter that is typed before all cases of a large run are read waits for them', async (t) => {
      const store = openStore(t, newPath(t));
      saveCapitals(store, 5200);
      const viewer = await startViewer(store);
      t.after(() => viewer.close());
      const origin = `http://127.0.0.1:${viewer.port}/`;
      const url = `${viewer.url}#run=pr-2`;
      const { page, faults } = await openPage(t, browser, url, { allows: (asked) => asked.startsWith(origin) });
      await page.locator('.search input').fill('is:failed');
      await page.locator('.cases').getByText('650 of 5,200 cases').waitFor();
      await page.getByRole('heading', { name: '4,550 of 5,200 cases passed; exact 0.875' }).waitFor();
      assert.equal(await page.locator('.search input').inputValue(), 'is:failed');
      await page.getByRole('button', { name: 'Failed 650' }).waitFor();
      assert.deepEqual(faults, []);
    });

    test('failures of one run are grouped, and a group shows its cases', async (t) => {
      const store = new RunStore(':memory:');
      const run = saveRun(
        store,
        store.createSuite('groups').id,
        Array.from({ length: 30 }, (_, at) => ({
          ...{ key: `case-${at}`, input: at, output: at === 7 ? undefined : 'x', expected: at },
          error: at === 7 ? 'timeout after 30 s' : undefined,
          scores: at === 7 ? {} : { exact: at % 3 === 0 ? 0 : 1 },
        })),
      );
      const failed = store.getFailingCases(run);
      store.saveScores(
        failed.map(({ id }, at) => ({ case_id: id, scorer_name: 'why', score: 0, reason: `expected ${at}, got "x"` })),
      );
      const { page, faults } = await openFile(t, htmlReport(store, run));
      store.close();
      const groups = page.getByRole('region', { name: 'Failures' });
      await groups.getByRole('button', { name: 'timeout after 30 s 1' }).click();
      await page.locator('.cases').getByText('1 of 30').waitFor();
      const why = groups.getByRole('button', { name: 'expected #, got "…", such as: expected 0, got "x" 10' });
      await why.click();
      await page.locator('.cases').getByText('10 of 30').waitFor();
      assert.equal(await why.getAttribute('aria-pressed'), 'true');
      assert.equal(
        await page.locator('.search input').inputValue(),
        'failure:"why: expected #, got \\"…\\", such as: expected 0, got \\"x\\""',
      );
      assert.deepEqual(await axeFindings(page), []);
      await why.click();
      await page.locator('.cases').getByText('30 cases').waitFor();
      assert.deepEqual(faults, []);
    });

    test('conditions and orders are chosen from lists, also without knowing the words of the filter', async (t) => {
      const { page, faults } = await openFile(t, pairPage());
      await page.locator('.grid .body [role=row]').first().waitFor();
      await page.getByLabel('Add a condition').selectOption({ label: 'exact is below' });
      await page.keyboard.type('0.1');
      await page.locator('.cases').getByText('10 of 80').waitFor();
      assert.equal(await page.locator('.search input').inputValue(), 'exact<0.1');
      await page.getByLabel('Sort by').selectOption('Latency');
      await page.getByRole('button', { name: 'Ascending' }).click();
      await page.locator('.grid .body [role=row]').first().getByText('country-79').waitFor();
      assert.match(page.url(), /#q=exact%3C0\.1&sort=-latency$/);
      assert.deepEqual(faults, []);
    });

    test('a file of another version, or torn, says so', async (t) => {
      const html = pairPage();
      const torn = html.replace(/id="runstore-index">[^<]{100}/, 'id="runstore-index">');
      const { page } = await openFile(t, torn);
      await page.getByRole('alert').getByText('This page cannot be shown').waitFor();
    });
  });
} else if (isFirstNode) {
  test('the page in a browser', {
    skip: 'there is no Chromium: install it, or name it in RUNSTORE_CHROMIUM',
  }, () => {});
}
