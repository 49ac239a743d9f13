import { fromEnv } from '@aws-sdk/credential-provider-env';

/** The credentials of a Lambda function (AWS Lambda Developer Guide, "Defined runtime environment variables"). */
export const defaultProvider = fromEnv;
