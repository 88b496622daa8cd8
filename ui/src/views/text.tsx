/** Texts from outside. They become text nodes only, whatever they contain. */

import { useMemo, useState } from 'preact/hooks';
import { difference, type Piece } from '../diff.ts';
import { count } from '../numbers.ts';

/** Longer texts are cut until the reader expands them: the browser lays out every line. */
const SHOWN = 20_000;
const SHORT = 200;
/**
 * Characters that control, hide, or reverse the direction of text are shown by their number. Line breaks and tabs are kept as
 * layout, and joiners because they are part of emoji and of some scripts.
 */
const HIDDEN = /(?![\n\t\r\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}]/gu;

export function visible(text: string): string {
  return text.replace(
    HIDDEN,
    (character) => `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`,
  );
}

export function Text({ text }: { text: string }) {
  const [isWhole, setWhole] = useState(false);
  if (text === '') return <p class="missing">Empty</p>;
  const isCut = !isWhole && text.length > SHOWN;
  return (
    <>
      <pre dir="auto" class={kindOf(text)}>
        {visible(isCut ? text.slice(0, SHOWN) : text)}
      </pre>
      {isCut && (
        <button type="button" class="quiet" onClick={() => setWhole(true)}>
          {`Show all ${count(text.length)} characters`}
        </button>
      )}
    </>
  );
}

/** What is laid out in columns, such as JSON or code, needs characters of one width. */
const LAID_OUT = /^\s*[[{<]|```|^( {2}|\t)|\|.*\|/m;

function kindOf(text: string): string {
  return LAID_OUT.test(text.slice(0, SHOWN)) ? '' : 'prose';
}

/** A short text, shown inline. */
export function Remark({ text }: { text: string }) {
  const isShort = text.length <= SHORT && !text.includes('\n');
  return isShort ? <bdi>{visible(text)}</bdi> : <Text text={text} />;
}

interface DifferenceProps {
  before: string;
  after: string;
  /** What the two texts are. */
  names: [string, string];
}

/** Two texts in one. Its marks say in which text a word is, and not which text is right. */
export function Difference({ before, after, names: [old, current] }: DifferenceProps) {
  const pieces = useMemo(() => difference(before, after), [before, after]);
  const has = (kind: Piece['kind']) => pieces.some((piece) => piece.kind === kind);
  return (
    <>
      <pre dir="auto" class={kindOf(after)}>
        {pieces.map(({ text, kind }, at) => {
          const shown = visible(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
          if (kind === 'same') return shown;
          return kind === 'removed' ? <del key={at}>{shown}</del> : <ins key={at}>{shown}</ins>;
        })}
      </pre>
      <p class="key">
        {has('removed') && (
          <span>
            <del>struck out</del>: only in {old}
          </span>
        )}
        {has('added') && (
          <span>
            <ins>underlined</ins>: only in {current}
          </span>
        )}
      </p>
    </>
  );
}

/** A value: a string as it is, JSON as a collapsible tree. */
export function Value({ value }: { value: unknown }) {
  if (value === null || value === undefined) return <p class="missing">–</p>;
  if (typeof value === 'string') return <Text text={value} />;
  if (typeof value !== 'object') return <pre>{String(value)}</pre>;
  const json = JSON.stringify(value, null, 2);
  return json.length <= 2000 ? <Text text={json} /> : <Tree name="" value={value} isOpen />;
}

function Tree({ name, value, isOpen = false }: { name: string; value: unknown; isOpen?: boolean }) {
  const [opened, setOpened] = useState(isOpen);
  const label = name === '' ? '' : `${visible(name)}: `;
  if (typeof value !== 'object' || value === null) {
    return (
      <div class="leaf">
        {label}
        <Text text={JSON.stringify(value) ?? ''} />
      </div>
    );
  }
  const entries = Object.entries(value);
  return (
    <details open={opened} onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary>{`${label}${Array.isArray(value) ? 'list' : 'object'} of ${count(entries.length)}`}</summary>
      {opened && entries.map(([key, one]) => <Tree key={key} name={key} value={one} />)}
    </details>
  );
}
