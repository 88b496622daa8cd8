'use strict';

const { Direct } = require('./lib/connection/direct.js');
const { RunStoreError } = require('./lib/errors.js');
const { Operations } = require('./lib/operations.js');

class RunStore extends Operations {
  #connection;

  constructor(pathOrDb, options = undefined) {
    const connection = new Direct(pathOrDb, options);
    super(connection);
    this.#connection = connection;
  }

  close() {
    this.#connection.close();
  }

  [Symbol.dispose]() {
    this.close();
  }
}

module.exports = { RunStore, RunStoreError };
