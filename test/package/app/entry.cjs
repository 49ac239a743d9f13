const { Transform } = require('cdk-dynamodb-rollout');

Transform.fromEntry(`${__dirname}/transform.mjs`);
