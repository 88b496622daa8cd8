'use strict';

/**
 * Enumerations and defaults of the core. Generated from Rust: see tests/constants.rs.
 */
module.exports = {
  DEFAULT_BASELINE: 'main',
  DEFAULT_THRESHOLD: 0.5,
  STALE_AFTER_MS: 86400000,
  DECISIONS: ['ALLOW', 'REJECT', 'INCONCLUSIVE'],
  ENDED: ['completed', 'failed'],
  MISSING: ['worst', 'fail', 'ignore'],
  ON_CONFLICT: ['error', 'replace', 'ignore'],
  OUTCOMES: ['correct', 'incorrect', 'error'],
  REDUCERS: ['mean', 'median', 'mode', 'max', 'min'],
  ROLES: ['system', 'user', 'assistant', 'tool', 'environment', 'grader', 'developer', 'function'],
};
