// `npm run example`: from a fresh clone to a recorded evaluation. Builds and installs what is missing or out of date.
import { execSync } from 'node:child_process';
import { join } from 'node:path';
import { checkout, isBuilt, isInstalled } from '../scripts/build-state.mjs';

const example = 'examples/detect-languages';

if (!isBuilt()) run('node scripts/prepare.mjs', checkout);
if (!isInstalled(example)) {
  // Without scripts, because npm would build runstore, which the example links to, once more.
  run('npm ci --ignore-scripts --no-audit --no-fund', join(checkout, example));
}
await import('./detect-languages/main.mjs');

// What the tools print goes to stderr: stdout belongs to the report.
function run(command, cwd) {
  console.error(`> ${command}  (in ${cwd})`);
  try {
    execSync(command, { cwd, stdio: ['ignore', process.stderr, process.stderr] });
  } catch {
    console.error(`"${command}" failed, see above.`);
    process.exit(1);
  }
}
