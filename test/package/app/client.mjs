import { defineTransform, Rollout } from 'cdk-dynamodb-rollout/client';

console.log(typeof Rollout, typeof defineTransform);
