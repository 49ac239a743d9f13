import type { Construct } from 'constructs';
import { StageTaskFunctions, type StageTasksProps } from '../migration/stage-task-functions';
import type { TaskFunction } from '../private/task-function';

/** The Lambda functions of an amendment in place. */
export class AmendmentTasks extends StageTaskFunctions {
  readonly amend: TaskFunction;
  readonly adoption: TaskFunction;
  readonly census: TaskFunction;
  override readonly trace: TaskFunction;

  constructor(scope: Construct, id: string, props: StageTasksProps) {
    super(scope, id, props);
    this.amend = this.add('Amend', 'amend');
    this.adoption = this.add('Adoption', 'adoption');
    this.census = this.add('Census', 'census');
    this.trace = this.add('Trace', 'trace');
  }
}
