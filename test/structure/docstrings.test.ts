import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '..', '..');

/** What somebody gives: whoever leaves an optional one out wants to know what happens. */
const GIVEN = /(Props|Options|Definition|Query|^NewIndex)$/;

/** A file's top-level declarations that an entry point exports, with those of the files that it re-exports. */
function exportedFrom(file: string, only?: ReadonlySet<string>): ts.Node[] {
  const source = parsed(file, readFileSync(file, 'utf8'));
  return source.statements.flatMap((statement): ts.Node[] => {
    if (ts.isExportDeclaration(statement)) return reexported(file, statement, only);
    const names = namesOf(statement);
    return isExported(statement) && names.some((name) => !only || only.has(name)) ? [statement] : [];
  });
}

function reexported(
  file: string,
  { moduleSpecifier, exportClause }: ts.ExportDeclaration,
  only?: ReadonlySet<string>,
): ts.Node[] {
  if (!moduleSpecifier) return [];
  const from = join(dirname(file), `${(moduleSpecifier as ts.StringLiteral).text}.ts`);
  if (!exportClause || !ts.isNamedExports(exportClause)) return exportedFrom(from, only);
  const names = exportClause.elements.map(({ name, propertyName }) => (propertyName ?? name).text);
  return exportedFrom(from, new Set(names.filter((name) => !only || only.has(name))));
}

/** What of a declaration has no docstring, or says nothing of its default. */
function undocumented(node: ts.Node): string[] {
  if (isHidden(node)) return [];
  const name = namesOf(node).join(', ');
  const own = hasDocs(node) ? [] : [`${placeOf(node)}: ${name} has no docstring`];
  return [...own, ...membersOf(node).flatMap((member) => memberProblems(name, member))];
}

function memberProblems(owner: string, member: Member): string[] {
  if (isHidden(member) || isInherited(member)) return [];
  const name = `${owner}.${member.name?.getText() ?? 'constructor'}`;
  if (!hasDocs(member)) return [`${placeOf(member)}: ${name} has no docstring`];
  const isOptional = ts.isPropertySignature(member) && member.questionToken !== undefined;
  if (!isOptional || !GIVEN.test(owner) || ts.getJSDocTags(member).some(({ tagName }) => tagName.text === 'default')) return [];
  return [`${placeOf(member)}: ${name} is optional and has no @default`];
}

type Member = ts.ClassElement | ts.TypeElement | ts.EnumMember | ts.ParameterDeclaration;

function membersOf(node: ts.Node): Member[] {
  if (ts.isInterfaceDeclaration(node) || ts.isEnumDeclaration(node)) return [...node.members];
  if (!ts.isClassDeclaration(node)) return [];
  // What a constructor is given is told where it is declared; parameters that are properties, too, are told here.
  return node.members.flatMap((member): Member[] =>
    ts.isConstructorDeclaration(member)
      ? member.parameters.filter((parameter) => ts.isParameterPropertyDeclaration(parameter, member))
      : [member],
  );
}

function namesOf(node: ts.Node): string[] {
  if (ts.isVariableStatement(node)) return node.declarationList.declarations.map(({ name }) => name.getText());
  const { name } = node as ts.NamedDeclaration;
  return name ? [name.getText()] : [];
}

const modifiersOf = (node: ts.Node) => (ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : []).map(({ kind }) => kind);
const isExported = (node: ts.Node) => modifiersOf(node).includes(ts.SyntaxKind.ExportKeyword);
const isInherited = (node: ts.Node) => modifiersOf(node).includes(ts.SyntaxKind.OverrideKeyword);
const hasDocs = (node: ts.Node) => ts.getJSDocCommentsAndTags(node).some((doc) => ts.isJSDoc(doc) && Boolean(doc.comment));

function isHidden(node: ts.Node): boolean {
  const kinds = modifiersOf(node);
  if (kinds.includes(ts.SyntaxKind.PrivateKeyword) || kinds.includes(ts.SyntaxKind.ProtectedKeyword)) return true;
  return ts.getJSDocTags(node).some(({ tagName }) => tagName.text === 'internal');
}

function placeOf(node: ts.Node): string {
  const source = node.getSourceFile();
  return `${relative(ROOT, source.fileName)}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

function parsed(file: string, text: string): ts.SourceFile {
  return ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
}

test.each(['lib/index.ts', 'lambda/client/index.ts'])(
  'all that %s exports has a docstring, and each optional prop a @default',
  (entry) => {
    const exported = exportedFrom(join(ROOT, entry));
    expect(exported.length).toBeGreaterThan(15);
    expect(exported.flatMap(undocumented)).toEqual([]);
  },
);

test('a missing one would be seen', () => {
  const text = `
    export interface BareProps {
      readonly a: string;
      /** B. */
      readonly b?: string;
      /**
       * C.
       * @default 1
       */
      readonly c?: number;
    }
    /** A class. */
    export class Shown {
      get one() { return 1; }
      private two = 2;
      /** @internal */
      three = 3;
      constructor(readonly four: 4) {}
    }
    export const five = 5;`;
  const problems = parsed(join(ROOT, 'x.ts'), text).statements.flatMap(undocumented);
  expect(problems.map((problem) => problem.replace(/^x\.ts:\d+: /, ''))).toEqual([
    'BareProps has no docstring',
    'BareProps.a has no docstring',
    'BareProps.b is optional and has no @default',
    'Shown.one has no docstring',
    'Shown.four has no docstring',
    'five has no docstring',
  ]);
});
