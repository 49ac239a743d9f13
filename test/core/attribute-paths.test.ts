import { pathsThatDiffer } from '../../lambda/core/attribute-paths';
import { stamped } from '../../lambda/core/stamp';

const city = { id: { S: '1' }, name: { M: { nl: { S: 'Gent' }, en: { S: 'Ghent' } } }, tags: { L: [{ S: 'a' }, { S: 'b' }] } };

test('tell the deepest attribute that differs, in maps and lists', () => {
  const other = {
    ...city,
    name: { M: { nl: { S: 'Gand' }, en: { S: 'Ghent' } } },
    tags: { L: [{ S: 'a' }, { S: 'c' }, { S: 'd' }] },
  };
  expect(pathsThatDiffer(city, other)).toEqual(['name.nl', 'tags[1]', 'tags[2]']);
});

test('tell what only one has, and what has another type', () => {
  expect(pathsThatDiffer(city, { ...city, name: { S: 'Ghent' }, mayor: { S: 'M' } })).toEqual(['mayor', 'name']);
});

test('numbers are compared by value, sets without order, and the stamp not at all', () => {
  const a = stamped({ n: { N: '1.0' }, s: { SS: ['x', 'y'] } }, 't1', 'client');
  const b = stamped({ n: { N: '1' }, s: { SS: ['y', 'x'] } }, 't2', 'forward');
  expect(pathsThatDiffer(a, b)).toEqual([]);
});

test('are fifty at most', () => {
  const wide = Object.fromEntries(Array.from({ length: 80 }, (_, n) => [`a${n}`, { N: '1' }]));
  expect(pathsThatDiffer(wide, {})).toHaveLength(50);
});
