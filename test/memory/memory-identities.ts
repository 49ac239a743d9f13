import { type Identities, notProved, type Provable } from '../../lambda/core/identity';

/** AWS STS in memory: a proof says whose it is and what for, such as `ada for pause`. */
export class MemoryIdentities implements Identities {
  asked = 0;
  /** What is thrown in place of an answer. */
  trouble: Error | undefined;

  async prove(proof: string, action: Provable): Promise<string> {
    this.asked++;
    if (this.trouble) throw this.trouble;
    const [name, purpose] = proof.split(' for ');
    if (purpose !== action) throw notProved(`it is for ${purpose}`);
    return session(name as string);
  }
}

/** ARN of the session of somebody in a role. */
export function session(name: string, role = 'Operators'): string {
  return `arn:aws:sts::111122223333:assumed-role/${role}/${name}`;
}
