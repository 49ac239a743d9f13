import type { Archive, Shelf } from '../../lambda/core/archive';

/** An archive in memory. */
export class MemoryArchive implements Archive {
  readonly objects = new Map<string, Uint8Array>();

  async put(shelf: Shelf, name: string, content: Uint8Array): Promise<void> {
    this.objects.set(`${shelf}/${name}`, Uint8Array.from(content));
  }

  async get(shelf: Shelf, name: string): Promise<Uint8Array> {
    const found = this.objects.get(`${shelf}/${name}`);
    if (!found) throw new Error(`There is no ${name} among ${shelf}.`);
    return found;
  }
}
