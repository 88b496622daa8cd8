'use strict';

/**
 * The native addon that every program with a store loads.
 */

const { loadAddon } = require('./addon.js');

// The generated loader finds it as well, but takes four times as long; it handles all unusual cases, and explains why
// an addon is missing.
/** @type {typeof import('../binding.js')} */
const addon = loadAddon('runstore', () => require('../binding.js'));

module.exports = addon;
