const languageNames = new Intl.DisplayNames('en', { type: 'language' });
const scriptNames = new Intl.DisplayNames('en', { type: 'script' });

/**
 * Returns the one code that all codes of a language share: `arb`, `ara` and `ar` give `ar`.
 *
 * The table is Unicode CLDR's, which Node carries. Throws a RangeError for what cannot be a code.
 */
export function canonicalLanguage(code) {
  return new Intl.Locale(code).language;
}

/** Returns for instance `German (de)`. */
export function describeLanguage(code) {
  const name = languageNames.of(code);
  return name === code ? code : `${name} (${code})`;
}

/** Returns for instance `Cyrillic` for `Cyrl`. */
export function describeScript(code) {
  return scriptNames.of(code);
}
