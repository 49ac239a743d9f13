/** Who waits for which deployment to begin. */
export class Milestones {
  private highest = 0;
  private waiting: { readonly number: number; readonly go: () => void }[] = [];

  /** Settles when a deployment of this number, or a later one, has begun. */
  reached(number: number): Promise<void> {
    return number <= this.highest ? Promise.resolve() : new Promise((go) => this.waiting.push({ number, go }));
  }

  reach(number: number): void {
    this.highest = Math.max(this.highest, number);
    this.wake((one) => one.number <= this.highest);
  }

  /** Lets those go on who wait for something like that; all of them, unless told otherwise. */
  wake(which: (one: { readonly number: number }) => boolean = () => true): void {
    const ready = this.waiting.filter(which);
    this.waiting = this.waiting.filter((one) => !ready.includes(one));
    for (const { go } of ready) go();
  }
}
