import type { Clock } from '../core/control';
import { RolloutError } from '../core/errors';
import type { Ledger } from '../core/ledger';
import { type Certificates, objectionTo, type PromotionSpec } from '../core/promotion';
import { recorded } from '../core/record-once';

export interface PromotionPorts {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly certificates: Certificates;
  /** Id of this migration. */
  readonly migration: string;
  readonly transformSha256: string;
}

export interface PromotionInput {
  readonly run: string;
  readonly generation: number;
  readonly stage: number;
  readonly promotion: PromotionSpec;
}

/**
 * Looks whether the transform passed in another environment, before a stage. The certificate is evidence in the ledger, with what
 * there is against it; a task that runs again says what the first one wrote down.
 * @throws LeaseLost; GateFailed with what there is against it; CertificateUnavailable
 */
export async function promotion(ports: PromotionPorts, input: PromotionInput): Promise<Record<string, never>> {
  const { ledger } = ports;
  const { run, generation, stage } = input;
  await ledger.hold(generation);
  const known = await recorded(ledger, run, 'promotion', (event) => event.data.stage === stage);
  const data = known?.data ?? { stage, ...(await examine(ports, input.promotion)) };
  if (!known) await ledger.append(run, 'promotion', data);
  if (data.objection === undefined) return {};
  throw new RolloutError('GateFailed', `Gate promotion of stage ${stage}: ${data.objection}`, data);
}

async function examine(ports: PromotionPorts, spec: PromotionSpec): Promise<Record<string, unknown>> {
  const { certificates, clock, migration, transformSha256 } = ports;
  const wanted = { ...spec, migration: spec.migration ?? migration, transformSha256 };
  const found = await certificates.find(wanted);
  const objection = objectionTo(found, wanted, clock.now());
  return { wanted, found, ...(objection === undefined ? {} : { objection }) };
}
