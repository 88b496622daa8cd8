// What readers of the page set for themselves: the widths of columns, filters under a name; and the scorers of all runs.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { RunStore } from 'runstore';
import { htmlReport, startViewer } from 'runstore/report';
import { axeFindings, chromiumPath, launchBrowser, openPage } from './support/browser.mjs';
import { newPath, openStore, temporaryDirectory } from './support/connections.mjs';
import { isFirstNode } from './support/first-node.mjs';
import { saveCapitals } from './support/page-runs.mjs';
import { saveRun } from './support/runs.mjs';
import { isShort } from './support/scope.mjs';

if (chromiumPath !== undefined && isFirstNode && !isShort) {
  describe('the page in a browser keeps', () => {
    let browser;
    before(async () => {
      browser = await launchBrowser();
    });
    after(() => browser.close());

    async function openReport(t, options) {
      const store = new RunStore(':memory:');
      const [baseline, candidate] = saveCapitals(store);
      const file = join(temporaryDirectory(t), 'report.html');
      writeFileSync(file, htmlReport(store, candidate, { baseline, ...options }));
      store.close();
      return openPage(t, browser, pathToFileURL(file).href);
    }

    test('the widths of columns, by the pointer and by the keyboard', async (t) => {
      const { page, faults } = await openReport(t);
      const head = (name) => page.locator('.grid').getByRole('columnheader', { name, exact: true });
      const width = async (name) => Math.round((await head(name).boundingBox()).width);
      await head('Latency').scrollIntoViewIfNeeded();
      const [before, first, rem] = [await width('Latency'), await width('Case'), 14];
      const edge = await head('Latency').locator('.handle').boundingBox();
      const [x, y] = [edge.x + edge.width / 2, edge.y + edge.height / 2];
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x + 40, y, { steps: 4 });
      await page.mouse.up();
      const wide = await width('Latency');
      assert.ok(Math.abs(wide - before - 40) <= edge.width, `${before} became ${wide}`);
      // The edge follows the pointer, because the first column does not give way.
      assert.ok(Math.abs((await width('Case')) - first) <= 1);
      const row = page.locator('.grid .body [role=row]').first();
      const [cell, shown] = [await row.getByRole('cell').last().boundingBox(), await head('Cost').boundingBox()];
      assert.equal(Math.round(cell.x), Math.round(shown.x));

      await head('Latency').getByRole('button').focus();
      for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowRight']) await page.keyboard.press(key);
      assert.ok(Math.abs((await width('Latency')) - (wide - rem)) <= 2);
      assert.deepEqual(await axeFindings(page), []);
      const chosen = await width('Latency');
      await page.reload();
      await head('Latency').waitFor();
      assert.equal(await width('Latency'), chosen);
      await head('Latency').locator('.handle').dblclick();
      assert.equal(await width('Latency'), before);
      assert.deepEqual(faults, []);
    });

    test('in sight what is chosen above the table, and a case that a link opens', async (t) => {
      const { page, faults } = await openReport(t);
      const open = page.getByRole('article', { name: 'The case that is open' });
      const isSeen = (part) =>
        part.evaluate((element) => {
          const { top } = element.getBoundingClientRect();
          return top >= 0 && top < innerHeight / 2;
        });
      await page.getByRole('button', { name: 'Go through all regressions on exact' }).click();
      await open.getByRole('heading', { name: 'country-7', exact: true }).waitFor();
      assert.ok(await isSeen(page.locator('.cases h2')));
      await page.reload();
      await open.getByRole('heading', { name: 'country-7', exact: true }).waitFor();
      await page.waitForFunction(() => scrollY > 0);
      await page.keyboard.press('e');
      await page.evaluate(() => scrollTo(0, 0));
      await page.getByRole('button', { name: '10 worse' }).click();
      await page.locator('.cases').getByText('10 of 80').waitFor();
      assert.ok(await isSeen(page.locator('.cases h2')));
      assert.deepEqual(faults, []);
    });

    test('the first failure open if nothing got worse', async (t) => {
      const store = new RunStore(':memory:');
      const suite_id = store.createSuite('errors').id;
      const cases = [
        { key: 'peru', input: 1, scores: { exact: 1 } },
        { key: 'chad', input: 2, error: 'timeout' },
      ];
      const [baseline, candidate] = ['before', 'after'].map((name) => saveRun(store, suite_id, cases, { name }));
      const file = join(temporaryDirectory(t), 'report.html');
      writeFileSync(file, htmlReport(store, candidate, { baseline }));
      store.close();
      const { page, faults } = await openPage(t, browser, pathToFileURL(file).href);
      await page.getByRole('heading', { name: 'The first failure: chad' }).waitFor();
      await page.getByRole('button', { name: 'Go through all failures' }).click();
      await page.locator('.cases').getByText('1 of 2').waitFor();
      assert.deepEqual(faults, []);
    });

    test('filters under a name, beside those of the team, which a file takes along', async (t) => {
      const presets = [{ name: 'Slow and wrong', filter: 'exact<0.5 latency>150', sort: '-latency' }];
      const { page, faults } = await openReport(t, { presets });
      const button = (name) => page.getByRole('button', { name, exact: true });
      await button('Slow and wrong').click();
      await page.locator('.cases').getByText('4 of 80').waitFor();
      assert.match(page.url(), /#q=exact%3C0\.5\+latency%3E150&sort=-latency$/);
      assert.equal(await button('Slow and wrong').getAttribute('aria-pressed'), 'true');

      await page.locator('.search input').fill('meta.level=2');
      await button('Name this filter').click();
      await page.keyboard.type('Hard ones');
      assert.deepEqual(await axeFindings(page), []);
      await page.keyboard.press('Enter');
      await button('All 80').click();
      await page.reload();
      await button('Hard ones').click();
      await page.locator('.cases').getByText('26 of 80').waitFor();
      const download = page.waitForEvent('download');
      await button('Save filters to a file').click();
      const saved = JSON.parse(readFileSync(await (await download).path(), 'utf8'));
      // The second was named while the table was sorted by the first.
      assert.deepEqual(saved, [...presets, { name: 'Hard ones', filter: 'meta.level=2', sort: '-latency' }]);

      const again = await openReport(t, { presets: saved });
      await again.page.getByRole('button', { name: 'Hard ones' }).click();
      await again.page.locator('.cases').getByText('26 of 80').waitFor();
      await button('Forget filter').click();
      await button('Hard ones').waitFor({ state: 'detached' });
      assert.deepEqual([faults, again.faults], [[], []]);
    });

    test('the filters that were used last', async (t) => {
      const { page, faults } = await openReport(t);
      for (const filter of ['is:failed', 'exact<0.5', 'is:failed']) {
        await page.locator('.search input').fill(filter);
        await page.locator('.search input').press('Enter');
      }
      await page.reload();
      await page.locator('.search input').waitFor();
      const recent = await page.locator('datalist option').evaluateAll((options) => options.map(({ value }) => value));
      assert.deepEqual(recent, ['is:failed', 'exact<0.5']);
      assert.deepEqual(faults, []);
    });

    test('the scorers of all runs in view, where the last one lost', async (t) => {
      const store = openStore(t, newPath(t));
      const suite_id = store.createSuite('capitals').id;
      for (const [name, exact, typos] of [
        ['first', 1, 4],
        ['second', 1, 1],
        ['third', 0, 2],
      ]) {
        const one = { key: 'peru', input: 1, scores: { exact, typos, brief: 1 } };
        saveRun(store, suite_id, [one, { ...one, key: 'chad' }], { name });
      }
      const file = join(temporaryDirectory(t), 'report.html');
      writeFileSync(file, htmlReport(store, 'third', { lowerIsBetter: ['typos'] }));
      const viewer = await startViewer(store, { lowerIsBetter: ['typos'] });
      t.after(() => viewer.close());
      const origin = `http://127.0.0.1:${viewer.port}/`;
      for (const url of [pathToFileURL(file).href, viewer.url]) {
        const { page, faults } = await openPage(t, browser, url, {
          allows: (asked) => asked === url || asked.startsWith(origin),
          colorScheme: 'dark',
        });
        const heat = page.getByRole('region', { name: 'Scorers and runs' });
        await heat.getByRole('row', { name: 'exact 1 1 0', exact: true }).waitFor();
        const rows = await heat.getByRole('rowheader').allInnerTexts();
        assert.deepEqual(rows, ['exact', 'typos', 'brief']);
        const shades = await heat
          .getByRole('row', { name: /^typos/ })
          .getByRole('cell')
          .evaluateAll((cells) => cells.map((cell) => cell.style.getPropertyValue('--heat')));
        // The first has none before it, the second is the best so far, and the third lost 1 of 4; the strongest is the 1 of 1
        // that exact lost.
        assert.deepEqual(shades, ['0%', '0%', '11%']);
        assert.deepEqual(await axeFindings(page), []);
        if (url === viewer.url) {
          await heat.getByRole('button', { name: 'third' }).click();
          await page.getByRole('heading', { level: 1, name: /of 2 cases passed/ }).waitFor();
        }
        assert.deepEqual(faults, []);
      }
    });
  });
} else if (isFirstNode) {
  test('what the page keeps', {
    skip: 'there is no Chromium: install it, or name it in RUNSTORE_CHROMIUM',
  }, () => {});
}
