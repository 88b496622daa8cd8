//! For thresholds.

pub(in crate::arguments) const THRESHOLDS_SHOW: &str = "\
JSON:
  { suite: { id, name, created_at }, thresholds: { METRIC: { passFloor?, warnFloor?, passCeiling?, warnCeiling? } } }";

pub(in crate::arguments) const THRESHOLDS_SET: &str = "\
JSON:
  The thresholds afterwards, in the shape of \"runstore thresholds show\".

Examples:
  runstore thresholds set accuracy --pass-floor 0.8 --warn-floor 0.6
  runstore thresholds set cost_usd --pass-ceiling 2 --suite capitals
  runstore thresholds set errored --pass-ceiling 0";

pub(in crate::arguments) const THRESHOLDS_RM: &str = "\
JSON:
  The thresholds afterwards, in the shape of \"runstore thresholds show\".

Examples:
  runstore thresholds rm cost_usd";

pub(in crate::arguments) const THRESHOLDS_CLEAR: &str = "\
JSON:
  The suite without thresholds, in the shape of \"runstore thresholds show\".";
