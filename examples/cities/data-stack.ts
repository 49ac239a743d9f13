import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, BillingMode, StreamViewType, Table, TableEncryption, type TableProps } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';

/** Properties of the stack that keeps the data. */
export interface CitiesDataProps extends StackProps {
  /** True when the tables may go with the stack: a rehearsal. */
  readonly disposable: boolean;
}

/** Both tables of the cities, apart from the rollout that comes and goes. */
export class CitiesData extends Stack {
  readonly legacy: Table;
  readonly cities: Table;

  constructor(scope: Construct, id: string, props: CitiesDataProps) {
    super(scope, id, props);
    const common: Omit<TableProps, 'partitionKey'> = {
      billingMode: BillingMode.PAY_PER_REQUEST,
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      encryption: TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: !props.disposable,
      removalPolicy: props.disposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    };
    this.legacy = new Table(this, 'Legacy', { ...common, partitionKey: { name: 'id', type: AttributeType.STRING } });
    this.legacy.addGlobalSecondaryIndex({
      indexName: 'byCountry',
      partitionKey: { name: 'country', type: AttributeType.STRING },
      sortKey: { name: 'name', type: AttributeType.STRING },
    });
    this.cities = new Table(this, 'Cities', {
      ...common,
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
    });
    this.cities.addGlobalSecondaryIndex({
      indexName: 'byCountryPopulation',
      partitionKey: { name: 'country', type: AttributeType.STRING },
      sortKey: { name: 'population', type: AttributeType.NUMBER },
    });
    this.cities.addGlobalSecondaryIndex({
      indexName: 'byCountryName',
      partitionKey: { name: 'country', type: AttributeType.STRING },
      sortKey: { name: 'name', type: AttributeType.STRING },
    });
    new CfnOutput(this, 'LegacyTable', { value: this.legacy.tableName });
    new CfnOutput(this, 'CitiesTable', { value: this.cities.tableName });
  }
}
