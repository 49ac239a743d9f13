import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { CERTIFICATES, objectKey, SHELVES, type Shelf } from '../../lambda/core/archive';
import { acknowledgeBelow } from '../private/acknowledge';
import { constructOf } from '../private/grantee';
import { allowKeyRead, allowKeyUse } from '../private/key-use';

const READS = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'];
/** Nothing is ever deleted. */
const WRITES = ['dynamodb:PutItem', 'dynamodb:UpdateItem'];

/** Permissions on a `RolloutLedger`. */
export class LedgerGrants {
  constructor(
    private readonly table: dynamodb.ITable,
    private readonly key: kms.IKey,
    private readonly bucket: s3.IBucket,
  ) {}

  /** To read the record, as for a report. */
  read(grantee: iam.IGrantable): iam.Grant {
    return this.allow(grantee, READS).combine(allowKeyRead(grantee, this.key));
  }

  /** To read and write the record, as the workflow's tasks do. */
  record(grantee: iam.IGrantable): iam.Grant {
    return this.allow(grantee, [...READS, ...WRITES]).combine(allowKeyUse(grantee, this.key));
  }

  /** To keep and to read what is too large for the record of one migration, and of no other. */
  archive(grantee: iam.IGrantable, migration: string): iam.Grant {
    const actions = ['s3:GetObject', 's3:PutObject'];
    const resourceArns = SHELVES.map((shelf) => this.bucket.arnForObjects(`${shelf}/${migration}/*`));
    const grant = iam.Grant.addToPrincipal({ grantee, actions, resourceArns });
    return grant.combine(allowKeyUse(grantee, this.key));
  }

  /** To list and to read what is too large for the record of one migration, certificates among it. */
  readArchive(grantee: iam.IGrantable, migration: string): iam.Grant {
    const shelves: Shelf[] = [...SHELVES, CERTIFICATES];
    const prefixes = shelves.map((shelf) => objectKey(shelf, migration, '*'));
    const { bucket } = this;
    explainArchive(grantee, bucket, prefixes);
    return iam.Grant.addToPrincipal({
      ...{ grantee, actions: ['s3:ListBucket'], resourceArns: [bucket.bucketArn] },
      conditions: { StringLike: { 's3:prefix': prefixes } },
    })
      .combine(
        iam.Grant.addToPrincipal({
          ...{ grantee, actions: ['s3:GetObject'], resourceArns: prefixes.map((prefix) => bucket.arnForObjects(prefix)) },
        }),
      )
      .combine(allowKeyRead(grantee, this.key));
  }

  /** To read the certificates of one migration, and no other object: a role, or the account of another environment. */
  certificates(grantee: iam.IGrantable, migration: string): iam.Grant {
    const { bucket: resource } = this;
    const objects = objectKey(CERTIFICATES, migration, '*');
    const conditions = { StringLike: { 's3:prefix': objects } };
    const listed = { grantee, resource, actions: ['s3:ListBucket'], resourceArns: [resource.bucketArn], conditions };
    const read = { grantee, resource, actions: ['s3:GetObject'], resourceArns: [resource.arnForObjects(objects)] };
    return iam.Grant.addToPrincipalOrResource(listed)
      .combine(iam.Grant.addToPrincipalOrResource(read))
      .combine(this.key.grant(grantee, 'kms:Decrypt'));
  }

  private allow(grantee: iam.IGrantable, actions: string[]): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [this.table.tableArn] });
  }
}

function explainArchive(grantee: iam.IGrantable, bucket: s3.IBucket, prefixes: string[]): void {
  const scope = constructOf(grantee);
  if (!scope) return;
  const reason = 'Objects of one migration, named by run and slice.';
  for (const prefix of prefixes) acknowledgeBelow(scope, bucket.bucketArn, `/${prefix}`, reason);
}
