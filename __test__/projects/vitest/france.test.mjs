import { expect, test } from 'vitest';
import { record } from './suite.mjs';

test('france', () => {
  expect(record('france')).toBe(50);
});
