// Replaces ids by numbers, so that two evaluations can be compared.

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/**
 * Replaces every UUID in what an evaluation returned by its place in the order of their first appearance. Report files
 * are named after the first eight characters of a run's id; those become the run's number.
 */
export function nameIds({ files, ...others }, runIds) {
  const names = new Map();
  const nameOf = (id) => names.get(id) ?? names.set(id, `id-${names.size}`).get(id);
  for (const id of runIds) nameOf(id);
  const named = JSON.parse(JSON.stringify(others, keepUnusual).replaceAll(UUID, nameOf));
  const nameFile = (file) => file.replace(/[0-9a-f]{8}(?=\.\w+$)/, (prefix) => runsWith(prefix, runIds));
  const namedFiles = files.map(([file, content]) => [nameFile(file), inOrder(file, content).replaceAll(UUID, nameOf)]);
  return { ...named, files: namedFiles.sort() };
}

const runsWith = (prefix, runIds) =>
  `run-${runIds.flatMap((id, index) => (id.startsWith(prefix) ? [index] : [])).join('-and-')}`;

/** The lines of a .jsonl report stand in the order in which the disk took them. */
const inOrder = (file, content) => (file.endsWith('.jsonl') ? content.split('\n').sort().join('\n') : content);

const keepUnusual = (_, value) =>
  value === undefined ? '‹undefined›' : typeof value === 'number' && !Number.isFinite(value) ? `‹${value}›` : value;
