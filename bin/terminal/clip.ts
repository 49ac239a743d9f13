/** The text cut to a width, colours not counted. */
export function clip(text: string, width: number): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal are control characters
  const parts = text.split(/(\u001b\[[0-9;]*m)/);
  let left = width;
  return parts
    .map((part, index) => {
      if (index % 2 === 1) return part;
      const kept = [...part].slice(0, Math.max(0, left)).join('');
      left -= [...kept].length;
      return kept;
    })
    .join('');
}
