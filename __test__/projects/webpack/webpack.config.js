module.exports = {
  mode: 'production',
  target: 'node',
  entry: './evaluate.js',
  externalsType: 'commonjs',
  externals: [/^runstore(\/.*)?$/],
};
