import { goOn, type ResumePorts, saveShift, type WaitingShift } from '../resume/go-on';

/**
 * Has the shift wait until somebody resumes the run. What was resumed already, before the token was known, counts.
 * @throws LeaseLost
 */
export async function awaitResume(ports: ResumePorts, { run, generation, token, entered, attempt }: WaitingShift): Promise<void> {
  const lease = await ports.ledger.hold(generation);
  if (await saveShift(ports.ledger, { run, generation, token, entered, attempt })) await goOn(ports, lease);
}
