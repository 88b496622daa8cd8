'use strict';

/**
 * The second addon: for the command only, in a process that has not loaded the first. Both have a SQLite, and there is to
 * be one of ours in a process.
 */

const { failWith, loadAddon } = require('./addon.js');

module.exports = loadAddon('runstore-tools', failWith);
