type Json = Record<string, unknown>;

/** The value at a path of the subset that the workflows use: `$`, `$.a.b`, and `$$` for the context. */
export function at(path: string, state: unknown, context: Json): unknown {
  const root = path.startsWith('$$') ? context : state;
  const names = path
    .replace(/^\$+\.?/, '')
    .split('.')
    .filter((name) => name !== '');
  return names.reduce<unknown>((value, name) => (value as Json | undefined)?.[name], root);
}

/** The same, but a path that leads nowhere fails as in Step Functions. */
export function required(path: string, state: unknown, context: Json): unknown {
  const value = at(path, state, context);
  if (value === undefined) throw Object.assign(new Error(`The path ${path} leads nowhere`), { name: 'States.Runtime' });
  return value;
}

/** The state with a value at a path. */
export function withResult(state: unknown, path: string | null | undefined, value: unknown): unknown {
  if (path === null) return state;
  if (path === undefined || path === '$') return value;
  const [name, ...rest] = path.slice(2).split('.');
  const object = state as Json;
  return {
    ...object,
    [name as string]: withResult(object[name as string] ?? {}, rest.length > 0 ? `$.${rest.join('.')}` : '$', value),
  };
}

/** A payload template: names that end in `.$` hold a path or an intrinsic function. */
export function filled(template: unknown, state: unknown, context: Json): unknown {
  if (Array.isArray(template)) return template.map((entry) => filled(entry, state, context));
  if (template === null || typeof template !== 'object') return template;
  const entries = Object.entries(template).map(([name, value]) =>
    name.endsWith('.$') ? [name.slice(0, -2), evaluated(value as string, state, context)] : [name, filled(value, state, context)],
  );
  return Object.fromEntries(entries);
}

function evaluated(text: string, state: unknown, context: Json): unknown {
  if (text.startsWith('$')) return required(text, state, context);
  const [, name, inner] = /^States\.(\w+)\((.*)\)$/s.exec(text) ?? [];
  if (!name) throw new Error(`Unknown expression ${text}`);
  const values = argumentsOf(inner as string).map((argument) => argumentValue(argument, state, context));
  switch (name) {
    case 'Format':
      return values.slice(1).reduce<string>((sum, value) => sum.replace('{}', () => String(value)), values[0] as string);
    case 'MathAdd':
      return (values[0] as number) + (values[1] as number);
    case 'JsonMerge':
      return { ...(values[0] as Json), ...(values[1] as Json) };
    case 'JsonToString':
      return JSON.stringify(values[0]);
  }
  throw new Error(`Unknown intrinsic function ${name}`);
}

function argumentValue(argument: string, state: unknown, context: Json): unknown {
  if (argument.startsWith("'")) return argument.slice(1, -1).replace(/\\(.)/g, '$1');
  return argument.startsWith('$') || argument.startsWith('States.') ? evaluated(argument, state, context) : JSON.parse(argument);
}

/** Splits at the commas outside of quotes and parentheses. */
function argumentsOf(text: string): string[] {
  const found: string[] = [];
  let [begin, depth, quoted] = [0, 0, false];
  for (let n = 0; n < text.length; n++) {
    const letter = text[n];
    if (letter === '\\') n++;
    else if (letter === "'") quoted = !quoted;
    else if (!quoted && letter === '(') depth++;
    else if (!quoted && letter === ')') depth--;
    else if (!quoted && depth === 0 && letter === ',') {
      found.push(text.slice(begin, n));
      begin = n + 1;
    }
  }
  return [...found, text.slice(begin)].map((argument) => argument.trim());
}
