import { SSMClient } from '@aws-sdk/client-ssm';
import { ChangeCalendars } from '../adapters/change-calendar';
import { dynamoClient } from '../adapters/dynamodb-client';
import { settings } from '../adapters/environment';
import { ledgerOf, systemClock } from '../adapters/services';
import { type WindowInput, type WindowResult, window } from './window';

const dynamo = dynamoClient();
const calendars = new ChangeCalendars(new SSMClient());

/** A task of the rollout workflow, before a stage that has a window. */
export async function handler(event: WindowInput): Promise<WindowResult> {
  return window({ ledger: ledgerOf(dynamo, settings()), clock: systemClock, calendars }, event);
}
