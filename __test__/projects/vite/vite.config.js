export default {
  build: { ssr: 'evaluate.js', outDir: 'dist', rollupOptions: { external: [/^runstore(\/.*)?$/] } },
};
