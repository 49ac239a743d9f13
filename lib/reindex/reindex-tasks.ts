import type { Construct } from 'constructs';
import { StageTaskFunctions, type StageTasksProps } from '../migration/stage-task-functions';
import { allowIndex, allowIndexChange } from '../migration/task-permissions';
import type { TaskFunction } from '../private/task-function';

/** Which index the functions are about. */
export interface ReindexTasksProps {
  readonly index: string;
  /** True where the rollout makes it. */
  readonly isMade: boolean;
  /** The index that goes when the change is closed. */
  readonly drop?: string;
}

/** The Lambda functions of a reindex. Items of the table are read where the index is compared and where queries are asked, and written nowhere. */
export class ReindexTasks extends StageTaskFunctions {
  readonly buildIndex: TaskFunction;
  override readonly indexCoherence: TaskFunction;
  override readonly queries: TaskFunction;

  constructor(scope: Construct, id: string, props: StageTasksProps, { index, isMade, drop }: ReindexTasksProps) {
    super(scope, id, {
      ...props,
      indexed: false,
      withheld: ['scan-tables', 'read-tables', 'write-tables', 'back-up-source', 'back-up-tables'],
    });
    this.buildIndex = this.add('BuildIndex', 'build-index');
    this.indexCoherence = this.add('IndexCoherence', 'index-coherence');
    this.queries = this.add('Queries', 'queries');
    allowIndex(this.indexCoherence, props.target, index);
    if (isMade) allowIndexChange(this.buildIndex, props.target, index);
    if (drop === undefined) return;
    this.close.addEnvironment('DROP_INDEX', drop);
    allowIndexChange(this.close, props.target, drop);
  }
}
