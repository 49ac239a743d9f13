import type { Points, ReportData } from '../../bin/report/data';
import { chain, type Event, GENESIS, type Happening } from '../../lambda/core/ledger';

export const BEGAN = Date.parse('2026-11-02T08:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const STAGES = ['shadow', 'pilot', 'quarter', 'full'];
const OPERATOR = 'arn:aws:sts::111122223333:assumed-role/rollout-operator/maria';
const APPROVER = 'arn:aws:sts::111122223333:assumed-role/rollout-approver/joao';

type Told = readonly [hours: number, kind: string, data: Record<string, unknown>, who?: string];
type Places = { shares: Record<string, number>; pinned?: Record<string, number> };

const legacy: Places = { shares: { legacy: 1 } };
const shadow: Places = { shares: { shadow: 1 } };
const at = (share: number, position: string, rest: string, pinned?: Record<string, number>): Places => {
  return { shares: { [position]: share, [rest]: 1 - share }, pinned };
};

let deployments = 10;

/** A release, and two hours later, or so, everybody has it. */
function shift(hours: number, from: Places, to: Places, spread: number, generation = 1): Told[] {
  const deployment = ++deployments;
  const places = ({ shares, pinned = {} }: Places) => ({ shares, pinned });
  return [
    [hours, 'released', { generation, deployment, revision: deployment, from: places(from), to: places(to) }],
    [hours + spread, 'arrived', { generation, deployment }],
  ];
}

const gate = (id: string, more: object) => {
  return {
    run: '',
    id,
    observeOnly: false,
    evaluations: 48,
    failed: 0,
    doubts: 0,
    inconclusive: 0,
    errors: 0,
    verdict: 'successful',
    ...more,
  };
};

const latency = (run: string, newAbove: number, more: object = {}) =>
  gate('latency', {
    run,
    measured: {
      reads: { old: 51_204, new: 50_988, failed: 3 },
      maxPercentAbove: 10,
      counts: [{ percentile: 99, old: 11.4, oldAbove: 512, newAbove }],
    },
    ...more,
  });

function passed(hours: number, stage: number, observations: number, more: object = {}, gates: object[] = []): Told {
  const observed = {
    observations,
    inconclusive: 0,
    missed: 0,
    checked: observations * 1000,
    diverged: 0,
    longestLag: 2.4,
    verdict: 'successful',
    ...more,
  };
  return [hours, 'stage-passed', { stage, generation: 1, observed, result: { gates } }];
}

const BEGUN = {
  generation: 1,
  transform: { version: '2026-11-cities-v2', sha256: '9f2c4e'.padEnd(64, 'a1b2c3d4') },
  planSha256: '41d7aa'.padEnd(64, '0f1e2d3c'),
  stages: STAGES,
  reason: 'CHG-2041: cities move to the new model',
};

const PREFLIGHT = {
  items: 12_482_113,
  bytes: 5_310_442_981,
  slices: 62,
  backup: 'arn:aws:dynamodb:eu-west-1:111122223333:table/cities/backup/01668412800000-a1b2c3d4',
  writeCapacity: { legacy: 'on-demand', target: 'on-demand' },
};

const NOTHING_COUNTED = { divergence: 0, unadopted: 0, poison: 0 };

/** A first run, which a gate ended in its third stage: almost every kind of entry that there is. */
export const FIRST_RUN: readonly Told[] = [
  [0, 'begun', BEGUN, OPERATOR],
  [0.02, 'preflight', PREFLIGHT],
  [
    0.5,
    'slice-failed',
    {
      phase: 'backfill',
      side: 'legacy',
      slice: 7,
      error: 'TransformFailed',
      message: 'population is no number',
      key: 'id=2950159',
      cause: 'TypeError: not a number',
    },
  ],
  [0.6, 'index-awaited', { index: 'byName', status: 'CREATING' }],
  [0.9, 'index-built', { index: 'byName', keys: ['name'] }],
  [1.06, 'redriven', { settled: 3, remaining: 0, reported: 0, reason: 'The transform is mended.' }, OPERATOR],
  [
    1.05,
    'settings-changed',
    {
      generation: 1,
      reason: 'The table is busy.',
      maxWriteUnits: 500,
      maxConcurrency: 10,
      before: { maxWriteUnits: 0, maxConcurrency: 40 },
    },
    OPERATOR,
  ],
  [2.12, 'hook-allowed', { before: 'stage', stage: 0, hook: 'freeze', reason: 'No freeze.' }],
  [2.13, 'hook-failed', { before: 'stage', stage: 0, hook: 'inventory', error: 'TimeoutError', onFailure: 'proceed' }],
  [2.14, 'hook-refused', { before: 'stage', stage: 2, hook: 'freeze', reason: 'Black Friday.' }],
  [1.1, 'adoption-awaited', { count: 14, lastAt: '2026-11-02T08:20:00Z' }],
  [1.5, 'adopted', { count: 14, quiet: 600 }],
  [
    2,
    'promotion',
    { stage: 0, wanted: {}, found: { kind: 'certificate', certificate: { migration: 'cities-staging', run: 'staging-7' } } },
  ],
  [
    2.1,
    'compatibility',
    {
      stage: 0,
      observeOnly: false,
      findings: {
        examined: 5000,
        incompatible: 0,
        problems: [],
        nearLimit: 2,
        largest: 391_204,
        wideNumbers: 0,
        drift: [],
        isWhole: true,
      },
    },
  ],
  ...shift(2.2, legacy, shadow, 0.5),
  [
    3.4,
    'poison',
    { direction: 'forward', revision: 11, side: 'legacy', key: 'id=3448439', error: 'GroupTooLarge', cause: '140 items' },
  ],
  [
    3.5,
    'poison',
    { direction: 'forward', revision: 11, side: 'legacy', key: 'id=2988507', error: 'GroupTooLarge', cause: '131 items' },
  ],
  [3.6, 'foreign-write', { direction: 'reverse', revision: 11, keys: ['pk=city#2950159'], more: 0 }],
  [
    4,
    'reconciliation-needed',
    { streamArn: 'arn:aws:dynamodb:eu-west-1:111122223333:table/cities/stream/1', shardId: 'shardId-1', batchSize: 12 },
  ],
  [25, 'compared', { phase: 'compare-0-1-1', checked: 24_964_226, diverged: 0, repaired: 0, lagging: 1, list: '' }],
  [
    25.1,
    'comparison-failed',
    { phase: 'sketch-1-2', error: 'TransformFailed', message: 'population is no number', key: 'id=1850147' },
  ],
  passed(26, 0, 48, { inconclusive: 5 }, [
    gate('shadow-reads', { run: 'r1', doubts: 9, measured: { reads: 88_120, mismatches: 2, failures: 0, maxMismatch: 0.1 } }),
    latency('r1', 498),
  ]),
  [26.1, 'approval-asked', { stage: 'pilot', approvers: ['data-owner', 'sre'], atLeast: 1 }],
  [
    33.5,
    'approval-decided',
    { stage: 'pilot', decision: 'approve', reason: 'Shadow reads agree', approver: 'data-owner' },
    APPROVER,
  ],
  ...shift(33.6, shadow, { shares: { shadow: 1, 'dual-legacy': 0 }, pinned: { 'dual-legacy': 4 } }, 0.4),
  ...shift(34.4, shadow, { shares: { shadow: 1, 'dual-target': 0 }, pinned: { 'dual-target': 4 } }, 0.4),
  passed(39, 1, 24, {}, [latency('r1', 520)]),
  [
    39.1,
    'window-awaited',
    {
      stage: 2,
      opensAt: '2026-11-04T07:00:00.000Z',
      calendars: ['arn:aws:ssm:eu-west-1:111122223333:document/freeze'],
      until: ['2026-11-04T07:00:00.000Z'],
    },
  ],
  ...shift(47, shadow, at(0.25, 'dual-legacy', 'shadow', { 'dual-target': 4 }), 1),
  [48.6, 'paused', { generation: 1, reason: 'ReplicationLag was above 60 s for 3 minutes', alarm: 'CitiesV2-lag' }],
  [50.2, 'resumed', { generation: 1, reason: 'A batch job wrote 2 million items; it is over', by: 'maria', until: 20 }, OPERATOR],
  ...shift(
    50.5,
    at(0.25, 'dual-legacy', 'shadow', { 'dual-target': 4 }),
    at(0.25, 'dual-target', 'shadow', { 'dual-target': 4 }),
    1.5,
  ),
  [
    53,
    'queries',
    {
      stage: 2,
      observeOnly: true,
      findings: [
        { pattern: 'citiesOfCountry', verdict: 'successful', compared: 400, different: 0 },
        { pattern: 'city', verdict: 'failed', compared: 380, different: 3, reason: '3 of 380 answers differ' },
      ],
    },
  ],
  [
    54,
    'divergence-sampled',
    { side: 'target', segment: 4, segments: 12_000, checked: 1042, diverged: 1, groups: ['id=2950159'] },
  ],
  [54.1, 'divergence', { phase: 'compare-2-1-1', portion: 0, groups: [{ legacyKey: 'id=2950159', differences: [] }], more: 2 }],
  [
    55,
    'stage-failed',
    {
      stage: 2,
      verdict: 'failed',
      reasons: ['Gate latency: p99: 3.10 percent of the reads of the new path take more than 12.5 ms.'],
      lag: 1.2,
      checked: 1042,
      diverged: 0,
      alarms: [],
      gates: [
        latency('r1', 1581, {
          verdict: 'failed',
          failed: 1,
          evaluations: 17,
          reason:
            'p99: 3.10 percent of the reads of the new path take more than 12.5 ms, 10 percent above what 1.00 percent of the old path’s exceed.',
        }),
      ],
    },
  ],
  [
    55.02,
    'rollback-begun',
    {
      generation: 2,
      mode: 'soft',
      reason: `The rollout failed: ${JSON.stringify({ Error: 'States.TaskFailed', Cause: JSON.stringify({ Error: 'GateFailed', Cause: JSON.stringify({ errorType: 'GateFailed', errorMessage: 'Stage 2 of run cities-1 cannot go on: Gate latency: p99 is too slow.' }) }) })}`,
    },
  ],
  ...shift(
    55.1,
    at(0.25, 'dual-target', 'shadow', { 'dual-target': 4 }),
    at(0.25, 'dual-legacy', 'shadow', { 'dual-legacy': 4 }),
    0.2,
    2,
  ),
  ...shift(55.5, at(0.25, 'dual-legacy', 'shadow', { 'dual-legacy': 4 }), legacy, 0.2, 2),
  [55.6, 'salvaged', { direction: 'reverse', revision: 21, key: 'pk=city#1', image: '{}' }],
  [
    55.7,
    'failed',
    {
      generation: 3,
      reason: '{"Error":"BarrierNotReached","Cause":"AppConfig deployment 21 is in progress"}',
      counts: NOTHING_COUNTED,
    },
  ],
  [
    56,
    'hypotheses',
    {
      generation: 2,
      outcomes: [
        {
          id: 'slow-search',
          statement: 'Search does not get slower than 10 percent',
          owner: 'search-team',
          outcome: 'broken',
          evaluations: 89,
          failed: 1,
        },
        {
          id: 'checkout-errors',
          statement: 'Checkout errors stay below 0.1 percent',
          owner: 'checkout-team',
          outcome: 'held',
          evaluations: 89,
          failed: 0,
        },
        { id: 'billing', statement: 'Invoices add up', owner: 'finance', outcome: 'unknown', evaluations: 0, failed: 0 },
      ],
    },
  ],
  [
    56.01,
    'rolled-back',
    {
      generation: 2,
      furthest: 'legacy',
      revision: 21,
      counts: { divergence: 3, unadopted: 14, poison: 2 },
      left: 'Canaries may be left behind: Error: the target is down',
    },
  ],
  [56.2, 'health-not-restored', { generation: 2, seconds: 7200, complaints: ['Alarm checkout is in ALARM.'] }],
  [56.3, 'health-restored', { generation: 9, seconds: 300, complaints: [] }],
];

/** A second run that completes. */
export const SECOND_RUN: readonly Told[] = [
  [0, 'begun', { ...BEGUN, generation: 5, reason: 'CHG-2077: with the index on name' }, OPERATOR],
  [0.02, 'preflight', PREFLIGHT],
  ...shift(2, legacy, shadow, 0.5),
  passed(26, 0, 48),
  ...shift(27, shadow, at(0.25, 'dual-legacy', 'shadow'), 1),
  [
    28.2,
    'released',
    {
      generation: 5,
      deployment: 999,
      revision: 31,
      from: at(0.25, 'dual-legacy', 'shadow'),
      to: at(0.25, 'dual-target', 'shadow'),
    },
  ],
  [29, 'reverted', { generation: 5, deployment: 999, reason: 'Alarm CitiesV2-lag went off' }],
  ...shift(30, at(0.25, 'dual-legacy', 'shadow'), at(0.25, 'dual-target', 'shadow'), 1),
  passed(34, 1, 24),
  passed(35, 2, 24),
  ...shift(36, at(0.25, 'dual-target', 'shadow'), { shares: { 'dual-target': 1 } }, 3),
  ...shift(40, { shares: { 'dual-target': 1 } }, { shares: { target: 1 } }, 3),
  passed(100, 3, 60),
  [100.1, 'completed', { generation: 5, furthest: 'target', revision: 40, counts: NOTHING_COUNTED }],
  [100.2, 'certified', { name: 'certificate.json' }],
  [
    160,
    'closed',
    {
      reason: 'The window is over.',
      transform: 'cities-v2',
      reversible: false,
      pointInTime: { at: '2026-11-16T00:00:00Z', backups: [] },
    },
    OPERATOR,
  ],
];

/** Both runs in one chain, the second one a week after the first. */
export function ledgerOf(...runs: readonly (readonly [run: string, began: number, told: readonly Told[]])[]): Event[] {
  const happenings = runs.flatMap(([run, began, told]) =>
    told.map(([hours, kind, data, who]): Happening => {
      return { run, at: new Date(began + hours * HOUR).toISOString(), kind, data, ...(who ? { who } : {}) };
    }),
  );
  const events: Event[] = [];
  for (const happening of happenings) events.push(chain(events.at(-1) ?? { seq: 0, hash: GENESIS }, happening));
  return events;
}

/** A wave with noise that is the same every time. */
export function wave(hours: number, every: number, of: (hour: number, noise: number) => number | undefined): Points {
  return Array.from({ length: Math.floor((hours * 60) / every) }, (_, n) => {
    const noise = Math.abs(Math.sin(n * 12.9898) * 43758.5453) % 1;
    const value = of((n * every) / 60, noise);
    return value === undefined ? undefined : ([BEGAN + n * every * MINUTE, value] as const);
  }).filter((point) => point !== undefined);
}

export const NOT_MEASURED = { period: 60, divergence: [], lag: [], latencyLegacy: [], latencyTarget: [], retries: [] } as const;

/** The first run, a day after it. */
export function rolledBack(): ReportData {
  return {
    migration: 'CitiesV2',
    run: 'cities-1',
    madeAt: BEGAN + 80 * HOUR,
    events: ledgerOf(['cities-1', BEGAN, FIRST_RUN], ['cities-2', BEGAN + 168 * HOUR, SECOND_RUN]),
    gates: [],
    observations: [],
    work: [
      {
        phase: 'backfill',
        slices: 62,
        done: 62,
        counts: { items: 12_482_113, inserted: 12_481_990, exists: 123, units: 12_981_400, readUnits: 648_220 },
      },
      { phase: 'sketch-1-1', slices: 124, done: 124, counts: { checked: 24_964_226, readUnits: 1_296_440 } },
      { phase: 'sketch-2-1', slices: 124, done: 120, counts: { checked: 24_060_002, readUnits: 1_250_100 } },
    ],
    measurements: {
      period: 420,
      divergence: wave(56, 7, (hour) => (hour > 54 && hour < 54.5 ? 3 : 0)),
      lag: wave(56, 7, (hour, noise) =>
        hour > 48 && hour < 50 ? 70 + noise * 45 : hour > 30 && hour < 31 ? undefined : 0.6 + noise * 1.8,
      ),
      latencyLegacy: wave(56, 7, (hour, noise) => (hour < 2.2 ? undefined : 10.5 + Math.sin(hour / 4) + noise)),
      latencyTarget: wave(56, 7, (hour, noise) =>
        hour < 2.2 ? undefined : (hour > 52 ? 15 : 9.2) + Math.sin(hour / 4) + noise * 1.5,
      ),
      retries: wave(56, 7, (hour) => (hour > 48 && hour < 50 ? 2 : 0)),
    },
  };
}

/** The second run. */
export function completed(): ReportData {
  return { ...rolledBack(), run: 'cities-2', madeAt: BEGAN + 400 * HOUR, work: [], measurements: NOT_MEASURED };
}

/** The first run as it was in its second stage. */
export function underWay(): ReportData {
  const events = ledgerOf(['cities-1', BEGAN, FIRST_RUN.filter(([hours]) => hours < 36)]);
  return {
    ...rolledBack(),
    ...{ events, madeAt: BEGAN + 36 * HOUR, work: [], measurements: NOT_MEASURED },
    lease: { run: 'cities-1', holder: 'execution', kind: 'rollout', generation: 1, since: new Date(BEGAN).toISOString() },
    gates: [{ stage: 1, record: latency('cities-1', 505, { evaluations: 3 }) as never }],
    observations: [
      {
        stage: 1,
        run: 'cities-1',
        observations: 3,
        inconclusive: 0,
        missed: 0,
        checked: 3000,
        diverged: 0,
        longestLag: 1,
        verdict: 'successful',
      },
    ],
  };
}

/** A migration that nobody has begun. */
export function nothingYet(): ReportData {
  return { migration: 'CitiesV2', madeAt: BEGAN, events: [], gates: [], observations: [], work: [], measurements: NOT_MEASURED };
}
