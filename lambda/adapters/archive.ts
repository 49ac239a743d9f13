import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type Archive, objectKey, type Shelf } from '../core/archive';
import { isLocalAws } from './local-aws';

/** A bucket of Amazon S3 that several migrations may share. */
export class S3Archive implements Archive {
  constructor(
    private readonly client: S3Client,
    private readonly bucket: string,
    private readonly migration: string,
  ) {}

  async put(shelf: Shelf, name: string, content: Uint8Array): Promise<void> {
    await this.client.send(new PutObjectCommand({ Bucket: this.bucket, Key: this.keyOf(shelf, name), Body: content }));
  }

  async get(shelf: Shelf, name: string): Promise<Uint8Array> {
    const Key = this.keyOf(shelf, name);
    const { Body } = await this.client.send(new GetObjectCommand({ Bucket: this.bucket, Key }));
    if (!Body) throw new Error(`${Key} in ${this.bucket} came without a body.`);
    return Body.transformToByteArray();
  }

  private keyOf(shelf: Shelf, name: string): string {
    return objectKey(shelf, this.migration, name);
  }
}

/** A client for the archive. Local AWS has no host name for each bucket. */
export function archiveClient(): S3Client {
  return new S3Client({ forcePathStyle: isLocalAws() });
}
