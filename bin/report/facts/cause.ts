/**
 * A reason as people read it. A workflow gives the failure of another as JSON within JSON (AWS Step Functions Developer Guide,
 * "Handling errors in Step Functions workflows"): of that, the innermost error and its message.
 */
export function plain(reason: string): string {
  const at = reason.indexOf('{');
  const failure = at === -1 ? undefined : innermost(reason.slice(at));
  return failure === undefined ? reason : `${reason.slice(0, at)}${failure}`;
}

function innermost(text: string, error?: string): string | undefined {
  const value = parsed(text);
  if (value === undefined) return undefined;
  const { Error: name = error, Cause: cause, errorMessage: message, errorType: type = name } = value;
  if (typeof message === 'string') return [type, message].filter(Boolean).join(': ');
  if (typeof cause !== 'string') return typeof name === 'string' ? name : undefined;
  return innermost(cause, String(name ?? '')) ?? [name, cause].filter(Boolean).join(': ');
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
