import { expect, test } from 'vitest';
import { record } from './suite.mjs';

test('italy', () => {
  expect(record('italy')).toBe(50);
});
