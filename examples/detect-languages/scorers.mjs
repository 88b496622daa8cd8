import { canonicalLanguage, describeLanguage, describeScript } from './language.mjs';

/**
 * Returns the scorers. Each judges the output of a model for a case: the score, the answer that it read from the
 * output, and a reason when the score is not 1. It returns `undefined` when there is nothing to judge by.
 */
export function createScorers(cases) {
  const scripts = scriptsByLanguage(cases);
  return [
    { name: 'exact', judge: judgeLanguage },
    { name: 'script', judge: (testCase, output) => judgeScript(testCase, output, scripts) },
  ];
}

/** Did the model name the language? */
function judgeLanguage({ expected }, output) {
  const language = canonicalLanguage(expected);
  const answer = readAnswer(output);
  if (answer === language) return { score: 1, answer };
  // To abstain is an answer too, and not the right one.
  const given = answer === undefined ? 'no answer' : describeLanguage(answer);
  return { score: 0, answer, reason: `${given} instead of ${describeLanguage(language)}` };
}

/** Is the language that the model named, right or wrong, at least written in the script of the text? */
function judgeScript({ metadata: { script } }, output, scripts) {
  const answer = readAnswer(output);
  const known = scripts.get(answer);
  // It abstained, it named a language that the dataset does not have, or the text has no letters.
  if (known === undefined || script === null) return undefined;
  if (known.has(script)) return { score: 1, answer };
  const expected = [...known].map(describeScript).join(' or ');
  return { score: 0, answer, reason: `${describeLanguage(answer)} is ${expected}, the text ${describeScript(script)}` };
}

// franc abstains with 'und', tinyld with ''.
function readAnswer(output) {
  return output === 'und' || output === '' ? undefined : canonicalLanguage(output);
}

/** Returns the scripts that each language is written in, as the dataset has them: Serbian in two, Japanese as well. */
function scriptsByLanguage(cases) {
  const scripts = new Map();
  for (const { expected, metadata } of cases) {
    if (metadata.script === null) continue;
    const language = canonicalLanguage(expected);
    scripts.set(language, (scripts.get(language) ?? new Set()).add(metadata.script));
  }
  return scripts;
}
