import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { createContext, runInContext } from 'node:vm';

/**
 * Loads a module and its own modules in a realm of their own, as Jest does: addons and Node's modules stay those of the
 * process. Returns the exports, and `run` to evaluate code in that realm.
 */
export function loadInOwnRealm(file) {
  const context = createContext({ console, process, Buffer, AbortController, AbortSignal, setTimeout });
  const loaded = new Map();
  return { exports: load(file), run: (code) => runInContext(code, context) };

  function load(path) {
    if (!/\.js$/.test(path)) return createRequire(import.meta.url)(path);
    if (!loaded.has(path)) loaded.set(path, evaluate(path));
    return loaded.get(path).exports;
  }

  function evaluate(path) {
    const module = { exports: {} };
    const resolve = createRequire(path).resolve;
    const wrapped = `(function (module, exports, require, __filename, __dirname) {${readFileSync(path, 'utf8')}\n})`;
    const body = runInContext(wrapped, context, { filename: path });
    loaded.set(path, module);
    body(module, module.exports, (name) => load(resolve(name)), path, dirname(path));
    return module;
  }
}
