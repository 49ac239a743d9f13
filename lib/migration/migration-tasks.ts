import type { Construct } from 'constructs';
import type { TaskFunction } from '../private/task-function';
import { StageTaskFunctions, type StageTasksProps } from './stage-task-functions';

/** The Lambda functions of a migration from table to table: two are for replication. */
export class MigrationTasks extends StageTaskFunctions {
  readonly prove: TaskFunction;
  readonly backfill: TaskFunction;
  readonly sketch: TaskFunction;
  readonly differences: TaskFunction;
  readonly reconcile: TaskFunction;
  override readonly queries: TaskFunction;
  readonly forward: TaskFunction;
  readonly reverse: TaskFunction;
  override readonly redrive: TaskFunction;

  constructor(scope: Construct, id: string, props: StageTasksProps) {
    super(scope, id, props);
    this.prove = this.add('Prove', 'prove');
    this.backfill = this.add('Backfill', 'backfill');
    this.sketch = this.add('Sketch', 'sketch');
    this.differences = this.add('Differences', 'differences');
    this.reconcile = this.add('Reconcile', 'reconcile');
    this.forward = this.add('Forward', 'replicate', { DIRECTION: 'forward' });
    this.reverse = this.add('Reverse', 'replicate', { DIRECTION: 'reverse' });
    this.redrive = this.add('Redrive', 'redrive');
    this.queries = this.add('Queries', 'queries');
  }
}
