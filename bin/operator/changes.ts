import { GetParametersByPathCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { CHANGES, type OperatorConfiguration } from '../../lambda/core/operator-configuration';
import { CommandError, EXIT, misused, refused } from './failure';

/** The configurations of all changes of the account and region, by id. */
export async function changes(client: SSMClient): Promise<OperatorConfiguration[]> {
  const found: OperatorConfiguration[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new GetParametersByPathCommand({ Path: CHANGES, NextToken }));
    found.push(...(page.Parameters ?? []).map(({ Name, Value }) => configurationOf(Name as string, Value as string)));
    NextToken = page.NextToken;
  } while (NextToken);
  return found.sort((a, b) => (a.migration < b.migration ? -1 : 1));
}

/** The change that is named, or the only one. @throws CommandError that names those there are */
export async function findChange(client: SSMClient, migration: string | undefined): Promise<OperatorConfiguration> {
  const found = await changes(client);
  const names = found.map((each) => each.migration);
  if (found.length === 0) {
    throw refused('There is no change in this account and region. Deploy one, or look elsewhere with --region and --profile.');
  }
  if (migration === undefined) {
    if (found.length === 1) return found[0] as OperatorConfiguration;
    throw misused(`There are ${found.length} changes here: say which with --migration, one of ${names.join(', ')}.`);
  }
  const one = found.find((each) => each.migration === migration);
  if (one) return one;
  throw refused(`There is no change ${migration} in this account and region. There is ${names.join(', ')}.`);
}

function configurationOf(name: string, text: string): OperatorConfiguration {
  const value = parsed(text);
  if (value?.format === 1) return value as OperatorConfiguration;
  throw new CommandError(
    EXIT.refused,
    `The parameter ${name} is not of this version of the command line. Use the version of the package that the stack was deployed with.`,
  );
}

function parsed(text: string): { format?: unknown } | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
