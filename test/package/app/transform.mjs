export default {
  version: '1',
  up: (legacy) => [legacy],
  down: ([target]) => target,
  legacyKey: ({ id }) => ({ id }),
  canary: {
    item: (n) => ({ id: `canary-${n}` }),
    number: ({ id }) => (id.startsWith('canary-') ? Number(id.slice(7)) : undefined),
  },
};
