import { readFileSync } from 'node:fs';
import { franc } from 'franc';
import { data as trigramsByScript } from 'franc/data.js';
import { expressions as scripts } from 'franc/expressions.js';
import { detect, supportedLanguages, toISO3 } from 'tinyld';
import { canonicalLanguage } from './language.mjs';

// franc knows a language by its trigrams or, where a script serves one language only, by the script.
const francLanguages = [
  ...Object.values(trigramsByScript).flatMap((trigramsByLanguage) => Object.keys(trigramsByLanguage)),
  ...Object.keys(scripts).filter((script) => !(script in trigramsByScript)),
];

/**
 * The models under test. `answer` may be async, so a model behind an API fits in here as well.
 * `languages` are those that the model claims to know.
 */
export const models = [
  {
    name: 'franc',
    version: installedVersion('franc'),
    languages: new Set(francLanguages.map(canonicalLanguage)),
    answer: ({ text }) => franc(text),
  },
  {
    name: 'tinyld',
    version: installedVersion('tinyld'),
    languages: new Set(supportedLanguages.map(canonicalLanguage)),
    answer: ({ text }) => toISO3(detect(text)),
  },
];

// A score means little without the version of what was scored. package.json pins exact versions.
function installedVersion(name) {
  return JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')).dependencies[name];
}
