const { Rollout, defineTransform } = require('cdk-dynamodb-rollout/client');
console.log(typeof Rollout, typeof defineTransform);
