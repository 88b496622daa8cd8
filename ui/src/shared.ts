/** The code that the server of the live page shares with the page. */

export { chartsOf, heatRows } from './charts/data.ts';
export { viewOf } from './data/view.ts';
export { csvHead, csvRow, jsonLine } from './export.ts';
export { fromHash, orderOf, toHash } from './state.ts';
export { bodyTest, countsOf, searched, select } from './table/engine.ts';
export { parseQuery, quoted } from './table/query.ts';
