import type { Queue } from '../../lambda/core/poison';

/** A queue in memory: what was received and not removed stays hidden until it is put back. */
export class MemoryQueue implements Queue {
  readonly hidden = new Map<string, string>();
  private receipts = 0;

  constructor(readonly texts: string[] = []) {}

  async send(text: string): Promise<void> {
    this.texts.push(text);
  }

  async receive(): Promise<{ text: string; receipt: string }[]> {
    return this.texts.splice(0, 10).map((text) => {
      const receipt = `receipt-${this.receipts++}`;
      this.hidden.set(receipt, text);
      return { text, receipt };
    });
  }

  async remove(receipt: string): Promise<void> {
    this.hidden.delete(receipt);
  }

  async waiting(): Promise<number> {
    return this.texts.length;
  }

  async held(): Promise<number> {
    return this.texts.length + this.hidden.size;
  }

  async putBack(receipt: string): Promise<void> {
    const text = this.hidden.get(receipt);
    if (text !== undefined) this.texts.push(text);
    this.hidden.delete(receipt);
  }
}
