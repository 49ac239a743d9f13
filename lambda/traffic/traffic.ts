import { RolloutError } from '../core/errors';
import { type CheckEvent, type CheckResult, check } from './check';
import { halt } from './halt';
import { type NextEvent, type NextResult, next } from './next';
import type { TrafficPorts } from './ports';
import { type ReleaseEvent, release } from './release';

export type TrafficEvent =
  | (NextEvent & { readonly action: 'next' })
  | (ReleaseEvent & { readonly action: 'release' })
  | (CheckEvent & { readonly action: 'check' })
  | { readonly action: 'halt'; readonly generation: number };

export type TrafficResult = NextResult | CheckResult | { deployment: number } | { halted: boolean; barrier: number };

/** Moves traffic: one action of the shift workflow. */
export async function traffic(ports: TrafficPorts, event: TrafficEvent): Promise<TrafficResult> {
  switch (event.action) {
    case 'next':
      return next(ports, event);
    case 'release':
      return release(ports, event);
    case 'check':
      return check(ports, event);
    case 'halt':
      return halt(ports, event);
  }
  const { action } = event as { action?: string };
  throw new RolloutError('InvalidConfiguration', `Unknown action ${action}. Use next, release, check or halt.`, { action });
}
