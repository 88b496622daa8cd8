/**
 * The filter as text: terms that must all hold, such as `is:failed exact<0.5 baseline.exact>=1 meta.topic=geo "Peru"`.
 * The search field, the presets and the address contain this text.
 */

export const STATES = [
  'failed',
  'passed',
  'errored',
  'unscored',
  'changed',
  'regressed',
  'improved',
  'disagreeing',
  'unpaired',
] as const;
export type State = (typeof STATES)[number];

export const TEXT_FIELDS = ['input', 'expected', 'output', 'messages', 'error', 'reason', 'key'] as const;
export type TextField = (typeof TEXT_FIELDS)[number] | 'anywhere';

export const QUANTITIES = ['latency', 'cost', 'tokens', 'trials'] as const;
export type Quantity = (typeof QUANTITIES)[number];

export type Operator = '<' | '<=' | '>' | '>=' | '=' | '!=';
export type Whose = 'baseline' | 'candidate';

export type Term =
  | { kind: 'state'; state: State }
  | { kind: 'score'; whose: Whose | 'delta' | 'worse'; scorer: string; operator: Operator; value: number }
  | { kind: 'quantity'; whose: Whose; quantity: Quantity; operator: Operator; value: number }
  | { kind: 'group'; group: 'benchmark' | 'cluster' | 'failure'; value: string }
  | { kind: 'metadata'; path: string[]; operator: Operator; value: string }
  /** For messages, the role; `undefined` for all roles. */
  | { kind: 'text'; field: TextField; text: string; role?: string };

export interface Parsed {
  /** Groups of terms: the terms of a group must all hold, and one group must. */
  any: Term[][];
  /** The error message for the reader. */
  problems: string[];
}

const OPERATORS: Operator[] = ['<=', '>=', '!=', '<', '>', '='];
const OR = 'OR';
const LABELLED = /^([a-z]+)(?:\.(\w+))?:(.*)$/s;

export function parseQuery(text: string, scorers: readonly string[]): Parsed {
  const parsed: Parsed = { any: [[]], problems: [] };
  for (const word of words(text)) {
    const term = word.isQuoted ? anywhere(word.text) : termOf(word.text, scorers);
    if (term === OR) parsed.any.push([]);
    else if (typeof term === 'string') parsed.problems.push(term);
    else parsed.any.at(-1)?.push(term);
  }
  const groups = parsed.any.filter((terms) => terms.length > 0);
  return groups.length === 0 ? parsed : { ...parsed, any: groups };
}

/** Writes a value so that it is parsed as one word. */
export function quoted(text: string): string {
  return /^[^\s"<>=!:\\]+$/.test(text) ? text : `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

function anywhere(text: string): Term {
  return { kind: 'text', field: 'anywhere', text };
}

interface Word {
  text: string;
  /** Whether the whole word was quoted: then it is text to search for. */
  isQuoted: boolean;
}

/** Splits at white space; `"…"` keeps it, even within a word, and `\` escapes a quote. */
function words(text: string): Word[] {
  const found: Word[] = [];
  for (const [whole] of text.matchAll(/(?:"(?:\\.|[^"\\])*"?|[^\s"])+/gs)) {
    const isQuoted = /^"(?:\\.|[^"\\])*"?$/s.test(whole);
    const bare = whole.replace(/"((?:\\.|[^"\\])*)"?/gs, (_, inner: string) => inner.replace(/\\(.)/gs, '$1'));
    if (bare !== '') found.push({ text: bare, isQuoted });
  }
  return found;
}

function termOf(word: string, scorers: readonly string[]): Term | string {
  if (word === OR) return OR;
  let problem: string | undefined;
  // The name of a scorer may contain an operator, or end in one.
  for (let at = 1; at < word.length; at++) {
    for (const operator of OPERATORS.filter((one) => word.startsWith(one, at))) {
      const term = compared(word.slice(0, at), operator, word.slice(at + operator.length), scorers);
      if (typeof term === 'string') problem ??= term;
      else if (term !== undefined) return term;
    }
  }
  if (problem !== undefined) return problem;
  const [, label, role, value] = LABELLED.exec(word) ?? [];
  if (label === 'messages' && role !== undefined) return { kind: 'text', field: label, text: value, role };
  if (label !== undefined && role === undefined) {
    const term = labelled(label, value);
    if (term !== undefined) return term;
  }
  return anywhere(word);
}

function compared(
  name: string,
  operator: Operator,
  value: string,
  scorers: readonly string[],
): Term | string | undefined {
  const number = Number(value);
  // The name of a scorer may begin like a condition.
  const { whose, rest } = scorers.includes(name) ? { whose: 'candidate' as const, rest: name } : owner(name);
  const isScorer = scorers.includes(rest);
  const isQuantity = (QUANTITIES as readonly string[]).includes(rest);
  if (!isScorer && name.startsWith('meta.')) {
    return { kind: 'metadata', path: name.slice(5).split('.'), operator, value };
  }
  if (!isScorer && !isQuantity) return undefined;
  if (Number.isNaN(number)) return `${name} is compared with a number, not with "${value}"`;
  if (isScorer) return { kind: 'score', whose, scorer: rest, operator, value: number };
  if (whose === 'delta' || whose === 'worse') return `${whose} needs a scorer, and ${rest} is not one`;
  return { kind: 'quantity', whose, quantity: rest as Quantity, operator, value: number };
}

function owner(name: string): { whose: Whose | 'delta' | 'worse'; rest: string } {
  const [, whose, rest] = /^(baseline|candidate|delta|worse)\.(.+)$/s.exec(name) ?? [];
  if (whose === undefined) return { whose: 'candidate', rest: name };
  return { whose: whose as Whose | 'delta' | 'worse', rest };
}

function labelled(label: string, value: string): Term | string | undefined {
  if (label === 'is') {
    if ((STATES as readonly string[]).includes(value)) return { kind: 'state', state: value as State };
    return `"is:" takes one of ${STATES.join(', ')}, not "${value}"`;
  }
  if (label === 'benchmark' || label === 'cluster' || label === 'failure')
    return { kind: 'group', group: label, value };
  if ((TEXT_FIELDS as readonly string[]).includes(label))
    return { kind: 'text', field: label as TextField, text: value };
  return undefined;
}
