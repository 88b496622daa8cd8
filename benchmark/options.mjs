/** The command line of the bench. */

import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { packagedModule } from './package.mjs';
import { projectDirectory } from './reference-packages.mjs';

const HELP = `Usage: npm run bench -- [options]

  --quick          small sizes, two rounds, no bars: does everything still run?
  --only <regexp>  only the rows whose name matches
  --rounds <n>     exactly n paired rounds a row (default: as many as the bar needs, at least 5)
  --no-variant     without the data with 5 % not Latin-1
  --no-limit       without the pure-Rust limit (no cargo needed)
  --json           machine-readable results on standard output
  --write          puts the tables into BENCHMARKS.md
  --dir <folder>   where the files lie (default: .bench in the project)
  --module <file>  the runstore to measure (default: the project's, as a release has it)
  --help`;

const OPTIONS = {
  quick: { type: 'boolean', default: false },
  only: { type: 'string', default: '' },
  rounds: { type: 'string' },
  'no-variant': { type: 'boolean', default: false },
  'no-limit': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
  dir: { type: 'string', default: join(projectDirectory, '.bench') },
  module: { type: 'string' },
  help: { type: 'boolean', default: false },
};

/** Returns the options, with `extra` ones of another program that shares them. */
export function readOptions(extra = {}, help = HELP) {
  const { values } = parseArgs({ options: { ...OPTIONS, ...extra } });
  if (values.help) {
    console.log(help);
    process.exit(0);
  }
  return {
    ...values,
    only: new RegExp(values.only, 'i'),
    rounds: values.rounds === undefined ? undefined : Number(values.rounds),
    variant: !values['no-variant'],
    limit: !values['no-limit'],
    dir: resolve(values.dir),
    module: values.module === undefined ? packagedModule(resolve(values.dir)) : resolve(values.module),
  };
}
