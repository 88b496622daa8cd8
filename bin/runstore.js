#!/usr/bin/env node
'use strict';

/**
 * The command `runstore`. All of it is in Rust (crates/cli), which writes to stdout and stderr itself: process.stdout is
 * left alone, because the pipes that Node makes do not wait for a slow reader. Only `runstore view` is served by Node, once
 * Rust has read its arguments.
 */

const FAULT = 70;
const SYSTEM = 74;

try {
  const { runCli, viewWish } = require('../lib/load-tools.js');
  const args = process.argv.slice(2);
  const wish = args.includes('view') ? viewWish(args) : null;
  if (wish === null) process.exitCode = runCli(args);
  else view(wish).catch((error) => fail(error, SYSTEM));
} catch (error) {
  fail(error, FAULT);
}

async function view({ path, host, port, open }) {
  const viewer = await require('../entries/report.js').startViewer(path, { host, port });
  console.log(`${viewer.url}\nThe store is served until you press Ctrl+C.`);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => viewer.close());
  if (open) openBrowser(viewer.url);
}

function openBrowser(url) {
  const [program, ...args] = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] }[process.platform] ?? ['xdg-open'];
  const child = require('node:child_process').spawn(program, [...args, url], { stdio: 'ignore', detached: true });
  // Where there is no browser to open, the address has been printed.
  child.on('error', () => {});
  child.unref();
}

function fail(error, code) {
  console.error(`error: ${error.message}`);
  process.exitCode = code;
}
