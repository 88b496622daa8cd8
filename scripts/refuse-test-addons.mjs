// Fails if an addon in a folder has the functions that only tests call. The release runs it before it publishes.
//
//   node scripts/refuse-test-addons.mjs artifacts

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The name of the function that `build.mjs --provoke-panics` adds to the binding. */
const ONLY_FOR_TESTS = 'provokePanic';

const [folder] = process.argv.slice(2);
const addons = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.node'));
if (addons.length === 0) throw new Error(`there is no addon in ${folder}`);
const refused = addons.filter((name) => readFileSync(join(folder, name)).includes(ONLY_FOR_TESTS));
for (const name of refused) console.error(`${name} was built for tests: it contains ${ONLY_FOR_TESTS}`);
process.exitCode = refused.length > 0 ? 1 : 0;
