import { expect, test } from 'vitest';
import { record } from './suite.mjs';

test('peru', () => {
  expect(record('peru')).toBe(50);
});
