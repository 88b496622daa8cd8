export default {
  input: 'evaluate.js',
  external: [/^runstore(\/.*)?$/],
  output: { file: 'dist/main.js', format: 'es' },
};
