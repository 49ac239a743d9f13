import type { ReportData, Work } from '../data';
import type { Run } from '../facts/run';
import { bytes, number, shortArn } from '../format';
import { type Html, html, type Part } from '../html';
import { facts, nothing, section, table } from './section';

const NONE = html`<span class="unknown">–</span>`;

/** What the run consumed, as far as the ledger knows. */
export function costs({ events }: Run, { work }: ReportData): Html {
  const preflight = events.find(({ kind }) => kind === 'preflight')?.data;
  const rows = work.map(row);
  return section(
    'costs',
    'What it consumed',
    preflight ? facts(size(preflight)) : nothing('No preflight is on record: the size of the table is not known.'),
    rows.length > 0
      ? table('Work', ['Phase', 'Slices#', 'Items looked at#', 'Written#', 'Read units#', 'Write units#'], rows)
      : nothing('No work on items is on record.'),
    html`<p class="note">Units are those that DynamoDB reported to the workers. Replication, clients, functions and prices are not in the ledger: see the bill.</p>`,
  );
}

function size(data: Readonly<Record<string, unknown>>): (readonly [string, Part])[] {
  const {
    items,
    bytes: all,
    backup,
    writeCapacity,
  } = data as { items: number; bytes: number; backup?: string; writeCapacity?: Record<string, unknown> };
  return [
    ['Legacy table', `${number(items)} items, ${bytes(all)} (DynamoDB’s own count, up to six hours old)`],
    ['Backup', backup === undefined ? 'none' : html`<span title="${backup}">${shortArn(backup)}</span>`],
    [
      'Write capacity',
      writeCapacity
        ? Object.entries(writeCapacity)
            .map(([side, value]) => `${side} ${value}`)
            .join(', ')
        : 'not recorded',
    ],
  ];
}

function row({ phase, slices, done, counts }: Work): Part[] {
  const of = (...names: string[]) => {
    const known = names.filter((name) => counts[name] !== undefined);
    return known.length === 0 ? NONE : number(known.reduce((sum, name) => sum + (counts[name] as number), 0));
  };
  return [
    html`<strong>${phase}</strong>`,
    done === slices ? number(slices) : `${done} of ${slices}`,
    of('items', 'checked'),
    of('inserted', 'repaired'),
    of('readUnits'),
    of('units'),
  ];
}
