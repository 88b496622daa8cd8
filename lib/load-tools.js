'use strict';

/**
 * The second addon. Both have a SQLite, and there is to be one of ours in a process: the command runs in a process that has
 * not loaded the first addon, and the other functions of the second open no store.
 */

const { failWith, loadAddon } = require('./addon.js');

module.exports = loadAddon('runstore-tools', failWith);
