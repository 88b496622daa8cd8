//! For maintenance.

pub(in crate::arguments) const DOCTOR: &str = "\
JSON:
  { healthy,
    integrity: { count, first: [] }, schema: { count, first: [] },
    dangling: { count, first: [{ table, rowid, parent }] },
    unreadable: { count, first: [{ table, id, rowid, column, reason }] },
    staleRuns: { count, first: [{ id, suiteId, name, model, startedAt, ageMs, lastHeartbeatAt, cases,
                                  reason: \"gone\" | \"rebooted\" | \"silent\" | \"idle\" }] },
    space: { fileBytes, walBytes, freeBytes },
    fixed: [{ action, count }], advice: [] }
  The report of doctor(); with --fix, the findings that remain. integrity, schema and advice contain sentences; first has
  the first 1,000 findings of each kind. Stale runs and free space do not make a store unhealthy.

JSON with --salvage:
  { path, out,
    tables: [{ name, rows, refused: { count, first: [] }, unreadable: [{ first, last }],
               lost: { count, first: [{ rowid, id }] } }],
    setAside, orphaned, problems: [] }
  The report of salvage() in runstore/maintenance. unreadable contains ranges of rowids; lost contains rows that an index
  still mentions.

Examples:
  runstore doctor
  runstore doctor --fix
  runstore doctor --stale 12h --fail-stale-runs
  runstore doctor --salvage rescued.db";

pub(in crate::arguments) const BACKUP: &str = "\
JSON:
  { path, bytes }

Examples:
  runstore backup backups/store.db";

pub(in crate::arguments) const MERGE: &str = "\
JSON:
  { out, written, files: [{ path, tables: [{ table, added, known }] }],
    conflicts: { count, first: [{ table, key, columns: [], path }] } }
  added is the number of new rows, known the number of rows that existed already with the same content. The first 1,000
  conflicts are listed.

Examples:
  runstore merge all.db shard-1.db shard-2.db
  runstore merge .evals/store.db shard-1.db shard-2.db --unite-suites";

pub(in crate::arguments) const PRUNE: &str = "\
JSON:
  { runs: [{ id, suiteId, name, model, startedAt, cases }], dryRun, baselines, bytesBefore, bytesAfter }
  runs are the deleted runs (with --dry-run: those that would be), oldest first; baselines is the number of runs that were
  kept because they are baselines. bytesAfter is null in a dry run without --max-size.

Examples:
  runstore prune --keep 50
  runstore prune --older-than 30d --keep 10 --suite capitals --dry-run
  runstore prune --max-size 1GB";

pub(in crate::arguments) const RECOVER: &str = "\
JSON:
  { runs: [{ id, suiteId, name, model, startedAt, finishedAt, cases, reason: \"gone\" | \"rebooted\" | \"silent\",
             pid, host }],
    dryRun, alive, unknown }
  runs are those that were marked as failed (with --dry-run: that would be), oldest first; finishedAt is the time of their
  last heartbeat. pid and host are null when the process is unknown. alive and unknown are the numbers of running runs that
  were left alone, because their process is alive or because that is unknown.

Examples:
  runstore recover --dry-run
  runstore recover --older-than 2h --suite capitals";

pub(in crate::arguments) const VACUUM: &str = "\
JSON:
  { bytesBefore, bytesAfter }

Examples:
  runstore vacuum";
