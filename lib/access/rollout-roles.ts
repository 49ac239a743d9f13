import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { StagedChange } from '../change/staged-change';
import { refusal } from '../private/refuse';

/** Properties of `RolloutRoles`. */
export interface RolloutRolesProps {
  /** The changes that the roles are for. At least one. */
  readonly changes: StagedChange[];

  /**
   * Who may take the role that starts, takes back, ends, pauses, resumes, sets and looks; it does not approve.
   * @default - no such role
   */
  readonly operator?: iam.IPrincipal;

  /**
   * Who may take the role that approves or rejects under the name of an approver, by that name, and looks; it starts nothing. Each name
   * has a role of its own. A name that some of the changes do not have is left out there; one that none has is refused.
   * @default - no such roles
   */
  readonly approvers?: { [approver: string]: iam.IPrincipal };

  /**
   * Who may take the role that reads all that was written down, and changes nothing.
   * @default - no such role
   */
  readonly auditor?: iam.IPrincipal;
}

/**
 * Roles for the people around a rollout, each with what the command line needs for it and nothing else.
 *
 * Where a stage wants whoever approves to be somebody else than whoever started the run, people are told apart by the names of their
 * sessions. Have them say who they are: `new iam.AccountPrincipal(account).withConditions({ StringLike: { 'sts:RoleSessionName':
 * '${aws:username}' } })` for IAM users (IAM User Guide, "IAM and AWS STS condition context keys"); IAM Identity Center does so by itself.
 */
export class RolloutRoles extends Construct {
  /** Starts, takes back, ends, pauses, resumes, sets, and looks. */
  readonly operator?: iam.Role;
  /** Approve or reject, each under one name. */
  readonly approvers: { readonly [approver: string]: iam.Role };
  /** Reads all that was written down. */
  readonly auditor?: iam.Role;

  constructor(scope: Construct, id: string, props: RolloutRolesProps) {
    super(scope, id);
    const { changes, operator, approvers = {}, auditor } = props;
    this.validate(changes, approvers);
    if (operator) {
      this.operator = this.role('Operator', operator, 'Operates rollouts of DynamoDB changes');
      for (const { grants } of changes) grants.operate(this.operator);
    }
    this.approvers = Object.fromEntries(
      Object.entries(approvers).map(([name, principal]) => {
        const role = this.role(`Approver-${name}`, principal, `Approves stages of DynamoDB rollouts as ${name}`);
        for (const { grants } of changes.filter(({ approvals }) => approvals[name])) {
          grants.observe(role);
          grants.approve(role, name);
        }
        return [name, role];
      }),
    );
    if (auditor) {
      this.auditor = this.role('Auditor', auditor, 'Reads the records of DynamoDB rollouts');
      for (const { grants } of changes) grants.audit(this.auditor);
    }
  }

  private role(id: string, assumedBy: iam.IPrincipal, description: string): iam.Role {
    return new iam.Role(this, id, { assumedBy, description });
  }

  private validate(changes: StagedChange[], approvers: { [approver: string]: iam.IPrincipal }): void {
    const owner = `RolloutRoles '${this.node.path}'`;
    if (changes.length === 0) throw refusal(owner, 'changes', 'must hold at least one', changes.length);
    const known = [...new Set(changes.flatMap(({ approvals }) => Object.keys(approvals)))];
    const unknown = Object.keys(approvers).find((name) => !known.includes(name));
    if (unknown === undefined) return;
    throw refusal(owner, 'approvers', `must be approvers of some stage: ${known.join(', ') || 'there are none'}`, unknown);
  }
}
