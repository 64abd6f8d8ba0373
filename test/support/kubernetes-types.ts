// Checks objects against the types that are generated from Kubernetes' own schemas: as object literals, so that a field that
// does not exist is an error, and not ignored as an API server would.
import { resolve } from 'node:path';
import ts from 'typescript';

export interface KubernetesObject {
  apiVersion: string;
  kind: string;
}

const OPERATORS: Record<string, string> = {
  'cert-manager.io': '@kubernetes-models/cert-manager',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
};
const FILE = resolve('test/support/manifests-as-code.ts');

/** What is wrong, as `index of the object: message`. */
export function kubernetesMistakes(objects: readonly KubernetesObject[]): string[] {
  const lines = objects.map((object, index) => {
    const [group] = object.apiVersion.split('/');
    const from = `${OPERATORS[group!] ?? 'kubernetes-models'}/${object.apiVersion}`;
    return `export const object${index}: import('${from}').I${object.kind} = ${JSON.stringify(object)};`;
  });
  return lines.length === 0 ? [] : diagnosticsOf(lines.join('\n'));
}

function diagnosticsOf(source: string): string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  };
  const host = ts.createCompilerHost(options);
  const disk = ts.createCompilerHost(options);
  host.fileExists = (file) => resolve(file) === FILE || disk.fileExists(file);
  host.getSourceFile = (file, version, ...rest) =>
    resolve(file) === FILE ? ts.createSourceFile(file, source, version) : disk.getSourceFile(file, version, ...rest);
  const program = ts.createProgram([FILE], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = file ? ts.getLineAndCharacterOfPosition(file, start).line : -1;
    return `${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}
