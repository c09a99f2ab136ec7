/** What all parts of the editor share: the document, the selection, the library and the run shown over it. */
import { createContext, use, useMemo } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Advice, Examination, Explanation, NodeState, Problem } from '../api/types';
import { inputOf } from '../pipeline/advice';
import type { PipelineDocument } from '../pipeline/document';
import type { Library, OpenEnd } from '../pipeline/rules';
import type { PipelineState, PipelineStore } from '../pipeline/store';
import type { LiveRunState, LiveRunStore } from './liveRun';

export interface ViewState {
  /** Ids of the selected nodes. */
  selection: ReadonlySet<string>;
  /** Ids of the selected wires. */
  wires: ReadonlySet<string>;
  /** What is shown of the selected node; it stays while another one is selected. */
  tab: NodeTab;
  /** The port from which a wire is being drawn, and the nodes that it may not touch. */
  wiring: { end: OpenEnd; circle: ReadonlySet<string> } | null;
  dialog: 'shortcuts' | 'connections' | null;
  examination: Examination | null;
  /** The output whose contents are shown below the canvas. */
  openOutput: { node: string; port: string } | null;
  /** The parameter that an error points at. */
  focusedParameter: { node: string; name: string } | null;
  /** The wire whose advice is read, told by the input that it ends in. */
  openAdvice: { node: string; input: string } | null;
  /** Why the nodes of the run that is shown ran or were reused. */
  explanations: Explanations;
  /** What the next run would do with the nodes as they are now. */
  forecast: Explanations;
  /** What the canvas asks to run; the toolbar submits it. */
  wish: RunWish | null;
}

export type NodeTab = 'parameters' | 'about' | 'run';

export type Explanations = Readonly<Record<string, Explanation>>;

/** A part of the pipeline to be run, or all of it; see the server's description. */
export interface RunWish {
  targets?: string[];
  starts?: string[];
  force?: boolean | string[];
}

export interface Editor {
  store: PipelineStore;
  view: StoreApi<ViewState>;
  run: LiveRunStore;
  library: Library;
  readOnly: boolean;
}

const EditorContext = createContext<Editor | null>(null);
export const EditorProvider = EditorContext;

export function createView(): StoreApi<ViewState> {
  return createStore<ViewState>(() => ({
    selection: new Set(),
    wires: new Set(),
    tab: 'parameters',
    wiring: null,
    dialog: null,
    examination: null,
    openOutput: null,
    focusedParameter: null,
    openAdvice: null,
    explanations: {},
    forecast: {},
    wish: null,
  }));
}

export function useEditor(): Editor {
  const editor = use(EditorContext);
  if (!editor) throw new Error('This part stands outside of an editor');
  return editor;
}

export function usePipeline<T>(selector: (state: PipelineState) => T): T {
  return useStore(useEditor().store, selector);
}

export function useDocument<T>(selector: (document: PipelineDocument) => T): T {
  return useStore(useEditor().store, (state) => selector(state.document));
}

export function useView<T>(selector: (view: ViewState) => T): T {
  return useStore(useEditor().view, selector);
}

export function useLiveRun<T>(selector: (state: LiveRunState) => T): T {
  return useStore(useEditor().run, selector);
}

export function useNodeState(id: string): NodeState | undefined {
  return useLiveRun((state) => state.run?.nodes[id]);
}

const NO_PROBLEMS: Problem[] = [];

/** Problems of a node; the array stays the same while they do. */
export function useProblems(id: string): Problem[] {
  const byNode = useView((view) => problemsByNode(view.examination));
  return byNode.get(id) ?? NO_PROBLEMS;
}

const grouped = new WeakMap<Examination, Map<string, Problem[]>>();
const NONE = new Map<string, Problem[]>();

function problemsByNode(examination: Examination | null): Map<string, Problem[]> {
  if (!examination) return NONE;
  const known = grouped.get(examination);
  if (known) return known;
  const found = new Map<string, Problem[]>();
  for (const problem of examination.problems) {
    if (problem.node) found.set(problem.node, [...(found.get(problem.node) ?? []), problem]);
  }
  grouped.set(examination, found);
  return found;
}

const NO_ADVICE: Advice[] = [];

/** All advice about the pipeline; that about wires that are no longer there is left out. */
export function useAdvice(): Advice[] {
  const advice = useView((view) => view.examination?.advice) ?? NO_ADVICE;
  const nodes = useDocument((document) => document.nodes);
  return useMemo(
    () => advice.filter((one) => nodes[one.node]?.inputs[inputOf(one)] !== undefined),
    [advice, nodes],
  );
}

export function selectNodes(editor: Editor, ids: Iterable<string>): void {
  editor.view.setState({ selection: new Set(ids), wires: new Set() });
}
