// A browser for the tests of the page: the Chromium of the machine, driven by playwright-core.

import { existsSync } from 'node:fs';
import { importPackage } from './reference-packages.mjs';

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Path of the browser, from RUNSTORE_CHROMIUM or a usual path of Linux; `undefined` if there is none. */
export const chromiumPath = [process.env.RUNSTORE_CHROMIUM, ...PATHS].find((path) => path && existsSync(path));

/** Starts the browser, which is closed after the tests. */
export async function launchBrowser() {
  const { chromium } = (await importPackage('playwright-core')).default;
  return chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/**
 * Opens a page and records what it must not do: messages on the console, exceptions, dialogs, and requests for anything but
 * what `allows(url)`.
 */
export async function openPage(t, browser, url, { allows = (asked) => asked === url, ...options } = {}) {
  const context = await browser.newContext(options);
  t.after(() => context.close());
  const page = await context.newPage();
  const faults = [];
  page.on('console', (message) => faults.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => faults.push(`exception: ${error.message}`));
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on('popup', () => faults.push('a window was opened'));
  page.on('request', (request) => {
    const asked = request.url().replace(/#.*$/s, '');
    if (!allows(asked) && !asked.startsWith('blob:')) faults.push(`request: ${asked.slice(0, 200)}`);
  });
  await page.goto(url);
  return { page, faults, context };
}

/** Returns what axe-core finds, each as one line. */
export async function axeFindings(page) {
  const { source } = (await importPackage('axe-core')).default;
  // The policy of the page would refuse it as a script, but does not apply to what playwright evaluates.
  await page.evaluate(source);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}
