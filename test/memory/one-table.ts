import type { Database } from '../../lambda/core/ports';
/** Both sides are the legacy table, as where an amendment changes one table in place. */
export function oneTable(database: Database): Database {
  return {
    get: (_, key) => database.get('legacy', key),
    getMany: (_, keys) => database.getMany('legacy', keys),
    query: (_, key) => database.query('legacy', key),
    write: (writes) => database.write(writes.map((write) => ({ ...write, side: 'legacy' }))),
    insertAbsent: (_, items) => database.insertAbsent('legacy', items),
    scan: (_, request) => database.scan('legacy', request),
  };
}
