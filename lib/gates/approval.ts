import { Duration } from 'aws-cdk-lib';
import { refusal, requireBetween, requireWhole } from '../private/refuse';
import type { Gate } from './gate';
import type { ApprovalOptions } from './gate-options';
import type { GateParts } from './gate-parts';

const OWNER = 'Gate.approval()';

/** Names that are a part of the name of a function. */
const NAME = /^[A-Za-z][A-Za-z0-9-]{0,29}$/;

/** Those who have to agree before a stage begins. */
export function approvalGate(options: ApprovalOptions): GateParts {
  const { approvers, expiresAfter = Duration.days(7) } = options;
  if (approvers.length === 0) throw refusal(OWNER, 'approvers', 'must hold at least one', approvers.length);
  approvers.forEach((name, index) => {
    if (!NAME.test(name)) {
      throw refusal(OWNER, `approvers[${index}]`, 'must be 1 to 30 letters, digits and hyphens, a letter first', name);
    }
    if (approvers.indexOf(name) !== index) throw refusal(OWNER, `approvers[${index}]`, 'must not be there twice', name);
  });
  const { atLeast = approvers.length } = options;
  requireWhole(OWNER, 'atLeast', atLeast, 1, approvers.length);
  const seconds = expiresAfter.toSeconds();
  requireBetween(OWNER, 'expiresAfter (in seconds)', seconds, 60, Duration.days(300).toSeconds());
  const separate = options.separateFromStarter ? { separate: true } : {};
  return { id: 'approval', approval: { approvers, atLeast, ...separate, expiresAfter: seconds } };
}

/** True where some gate wants whoever approves to be somebody else than whoever starts the run. */
export function isSeparate(gates: Gate[]): boolean {
  return gates.some(({ _parts }) => _parts.approval?.separate);
}

/** Everybody who may decide at one of the gates. */
export function approversOf(gates: Gate[]): string[] {
  return [...new Set(gates.flatMap(({ _parts }) => _parts.approval?.approvers ?? []))];
}
