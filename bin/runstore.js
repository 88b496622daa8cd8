#!/usr/bin/env node
'use strict';

/**
 * The command `runstore`. It is written in Rust (crates/cli), which writes to stdout and stderr itself; process.stdout
 * is not used, because Node's pipes do not wait for a slow reader. Only `runstore view` is served by Node, after Rust
 * has parsed its arguments.
 */

const { EXIT } = require('../lib/constants.js');

try {
  const { runCli, viewWish } = require('../lib/load-tools.js');
  const args = process.argv.slice(2);
  const wish = args.includes('view') ? viewWish(args) : null;
  if (wish === null) process.exitCode = runCli(args);
  else view(wish).catch((error) => fail(error, EXIT.IO));
} catch (error) {
  fail(error, EXIT.INTERNAL);
}

async function view({ path, archive, project, resultsDir, open, presets, ...address }) {
  const readOnly = archive === undefined ? { resultsDir } : { archive, project };
  const options = { ...address, presets: JSON.parse(presets) };
  const viewer = await require('../entries/report.js').startViewer(path ?? readOnly, options);
  const what = path === undefined ? (archive ?? resultsDir) : 'The store';
  console.log(`${viewer.url}\n${what} is served until you press Ctrl+C.`);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => viewer.close());
  if (open) openBrowser(viewer.url);
}

function openBrowser(url) {
  const [program, ...args] = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] }[process.platform] ?? ['xdg-open'];
  const child = require('node:child_process').spawn(program, [...args, url], { stdio: 'ignore', detached: true });
  // If no browser can be opened, the printed address remains.
  child.on('error', () => {});
  child.unref();
}

function fail(error, code) {
  console.error(`error: ${error.message}`);
  process.exitCode = code;
}
