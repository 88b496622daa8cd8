#!/usr/bin/env node
'use strict';

/**
 * The command `runstore`. All of it is in Rust (crates/cli), which writes to stdout and stderr itself: process.stdout is
 * left alone, because the pipes that Node makes do not wait for a slow reader.
 */

try {
  process.exitCode = require('../lib/load-tools.js').runCli(process.argv.slice(2));
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = 70;
}
