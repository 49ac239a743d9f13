import type { ApproveResult } from '../../lambda/approve/approve';
import { refused } from '../operator/failure';
import { type Command, type Context, type Option, type Outcome, REASON, text } from './command';

const OPTIONS: Record<string, Option> = {
  stage: { value: 'NAME', about: 'the stage that waits', required: true },
  as: { value: 'NAME', about: 'the approver under whose name you decide', required: true },
  reason: REASON,
};

/** Lets a stage begin. */
export const approve: Command = {
  about: 'approves the stage that waits',
  options: OPTIONS,
  run: (context) => decide(context, 'approve'),
};

/** Has the rollout taken back. */
export const reject: Command = {
  about: 'rejects the stage that waits: traffic is taken back',
  options: OPTIONS,
  async run(context) {
    await context.confirm(`Reject stage ${text(context, 'stage')}? The rollout is taken back to the legacy side.`);
    return decide(context, 'reject');
  },
};

async function decide(context: Context, decision: 'approve' | 'reject'): Promise<Outcome> {
  const change = await context.change();
  const { functions, stages } = change.configuration;
  const [stage, name] = [text(context, 'stage'), text(context, 'as')];
  if (!stages.some((each) => each.name === stage)) {
    throw refused(`There is no stage ${stage}. There is ${stages.map((each) => each.name).join(', ')}. Nothing was changed.`);
  }
  const fn = functions.approve[name];
  if (!fn) {
    const names = Object.keys(functions.approve).join(', ');
    throw refused(
      `There is no approver ${name}. ${names ? `There is ${names}.` : 'No stage asks for approval.'} Nothing was changed.`,
    );
  }
  const statement = await change.statement(text(context, 'reason'), decision);
  const result = await change.call<ApproveResult>(fn, { ...statement, stage, decision });
  return { data: result, lines: [told(result)] };
}

function told({ stage, outcome, missing, approved }: ApproveResult): string {
  if (outcome === 'open') return `Stage ${stage} is approved by ${approved.join(', ')}; ${missing} more needed.`;
  return outcome === 'approved' ? `Stage ${stage} is approved and begins.` : `Stage ${stage} is rejected: traffic is taken back.`;
}
