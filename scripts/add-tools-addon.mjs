// Puts the second addon into the platform packages, beside the first, which "napi artifacts" has put there: napi supports
// only one addon in each package. `npm run prepare-release` runs it.

import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

for (const platform of readdirSync(join(root, 'npm'))) {
  const addon = `runstore-tools.${platform}.node`;
  const manifest = join(root, 'npm', platform, 'package.json');
  copyFileSync(join(root, 'artifacts', addon), join(root, 'npm', platform, addon));
  const made = JSON.parse(readFileSync(manifest, 'utf8'));
  made.files.push(addon);
  writeFileSync(manifest, `${JSON.stringify(made, null, 2)}\n`);
}
