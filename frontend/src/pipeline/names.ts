/** How the page calls what a pipeline is made of: by the titles that people see, not by ids. */
import { moduleIdOf, type PipelineNode, splitSource } from './document';
import { inputsOf, type Library, outputsOf } from './rules';

export interface Names {
  node: (id: string) => string;
  module: (id: string) => string;
  dataset: (name: string) => string;
  parameter: (node: string, name: string) => string;
  input: (node: string, port: string) => string;
  /** Where a wire begins, such as `split.results_dataset1`. */
  output: (source: string) => string;
  /** A text that a parameter has been set to. */
  choice: (node: string, parameter: string, value: string) => string;
}

const itself = (name: string) => name;

/** Everything as documents and the server write it. */
export const AS_WRITTEN: Names = {
  node: itself,
  module: itself,
  dataset: itself,
  parameter: (_, name) => name,
  input: (_, port) => port,
  output: itself,
  choice: (_node, _parameter, value) => value,
};

type Nodes = Readonly<Record<string, PipelineNode>>;

/** What a node is called by itself: the title of its module or dataset. */
export function titleOf(node: PipelineNode, library: Library): string {
  const { module, dataset } = node;
  if (dataset) return library.datasets.get(datasetNameOf(dataset))?.title ?? dataset;
  return library.modules.get(moduleIdOf(node) ?? '')?.title ?? module ?? '';
}

export function datasetNameOf(reference: string): string {
  return reference.replace(/@\d+$/, '');
}

/**
 * Titles from the library. Of nodes with the same title, the id is told too. A node that the first document does not
 * have, such as one that was deleted since a run, is looked for in the next.
 */
export function titlesIn(library: Library, documents: readonly Nodes[]): Names {
  const find = (id: string) => documents.find((nodes) => id in nodes)?.[id];
  const node = (id: string) => {
    const found = find(id);
    if (!found) return id;
    const title = titleOf(found, library);
    return isShared(title, documents, library) ? `${title} (${id})` : title;
  };
  const parameterOf = (id: string, name: string) => {
    const found = find(id);
    const module = library.modules.get((found && moduleIdOf(found)) ?? '');
    return module?.parameters.find((parameter) => parameter.name === name);
  };
  return {
    node,
    module: (id) => library.modules.get(id)?.title ?? id,
    dataset: (name) => library.datasets.get(name)?.title ?? name,
    parameter: (id, name) => parameterOf(id, name)?.title ?? name,
    input: (id, port) => {
      const found = find(id);
      const inputs = found ? inputsOf(found, library) : [];
      return inputs.find(({ name }) => name === port)?.title ?? port;
    },
    output: (source) => {
      const [id, port] = splitSource(source);
      const found = find(id);
      const outputs = found ? outputsOf(found, library) : [];
      const title = outputs.find(({ name }) => name === port)?.title;
      return title && outputs.length > 1 ? `${node(id)}: ${title}` : node(id);
    },
    choice: (id, name, value) =>
      parameterOf(id, name)?.choices?.find((choice) => choice.value === value)?.title ?? value,
  };
}

function isShared(title: string, documents: readonly Nodes[], library: Library): boolean {
  const nodes = Object.values(documents[0] ?? {});
  return nodes.filter((other) => titleOf(other, library) === title).length > 1;
}
