'use strict';

/**
 * The second addon. Both addons contain SQLite, and only one of them may open stores in a process: the command runs in
 * a process that has not loaded the first addon, and the other functions of the second open no store.
 */

const { failWith, loadAddon } = require('./addon.js');

module.exports = loadAddon('runstore-tools', failWith);
