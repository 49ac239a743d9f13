import type { Block } from './document';

/** A heading, and where a link finds it. */
export interface Anchored {
  readonly level: number;
  readonly text: string;
  readonly id: string;
}

/** The headings in their order, each with an id that no other has. */
export function anchorsOf(blocks: readonly Block[]): Anchored[] {
  const taken = new Set<string>();
  return blocks.flatMap((block) => {
    if (block.kind !== 'heading') return [];
    const plain =
      block.text
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, '-')
        .replace(/^-|-$/g, '') || 'section';
    let id = plain;
    for (let n = 2; taken.has(id); n++) id = `${plain}-${n}`;
    taken.add(id);
    return [{ level: block.level, text: block.text, id }];
  });
}
