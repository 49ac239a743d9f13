import { AppConfigClient } from '@aws-sdk/client-appconfig';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';

/** Options of every SDK client. Absent ones come from the environment, as everywhere. */
export interface AwsOptions {
  readonly region?: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** The services that the command line talks to. */
export class Aws {
  readonly ssm: SSMClient;
  readonly sfn: SFNClient;
  readonly lambda: LambdaClient;
  readonly dynamodb: DynamoDBClient;
  readonly appconfig: AppConfigClient;
  readonly cloudwatch: CloudWatchClient;
  readonly sqs: SQSClient;
  readonly s3: S3Client;

  constructor(readonly options: AwsOptions = {}) {
    const common = { ...options, maxAttempts: 5 };
    this.ssm = new SSMClient(common);
    this.sfn = new SFNClient(common);
    // A function may work for fifteen minutes, and is not to be called twice meanwhile.
    this.lambda = new LambdaClient({ ...options, maxAttempts: 1, requestHandler: { requestTimeout: 16 * 60_000 } });
    this.dynamodb = new DynamoDBClient(common);
    this.appconfig = new AppConfigClient(common);
    this.cloudwatch = new CloudWatchClient(common);
    this.sqs = new SQSClient(common);
    this.s3 = new S3Client({ ...common, forcePathStyle: options.endpoint !== undefined });
  }
}
