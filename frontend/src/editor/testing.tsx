/** Renders a part of the editor for tests: real stores, an invented library. */
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type RenderResult, render } from '@testing-library/react';
import type { ReactNode } from 'react';
import '../i18n';
import type { Dataset, ModuleSpec, Parameter, Run } from '../api/types';
import { EMPTY_DOCUMENT, type PipelineDocument } from '../pipeline/document';
import { createPipelineStore } from '../pipeline/store';
import { createView, type Editor, EditorProvider, type ViewState } from './Editor';
import { createLiveRun } from './liveRun';

interface Setting {
  document?: Partial<PipelineDocument>;
  modules?: ModuleSpec[];
  datasets?: Dataset[];
  view?: Partial<ViewState>;
  run?: Run;
  readOnly?: boolean;
}

export function renderInEditor(part: ReactNode, setting: Setting = {}): RenderResult & { editor: Editor } {
  const editor: Editor = {
    store: createPipelineStore({ ...EMPTY_DOCUMENT, ...setting.document }),
    view: createView(),
    run: createLiveRun(),
    library: {
      modules: new Map((setting.modules ?? []).map((module) => [module.id, module])),
      datasets: new Map((setting.datasets ?? []).map((dataset) => [dataset.name, dataset])),
      portTypes: {},
    },
    readOnly: setting.readOnly ?? false,
  };
  editor.view.setState(setting.view ?? {});
  if (setting.run) editor.run.setState({ run: setting.run });
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const rendered = render(
    <MantineProvider env="test">
      <QueryClientProvider client={queries}>
        <EditorProvider value={editor}>{part}</EditorProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { ...rendered, editor };
}

export function parameterOf(parameter: Partial<Parameter> & Pick<Parameter, 'name' | 'kind'>): Parameter {
  return {
    title: parameter.name,
    help: '',
    default: null,
    required: false,
    nullable: false,
    optional: false,
    minimum: null,
    exclusive_minimum: null,
    maximum: null,
    exclusive_maximum: null,
    choices: null,
    when: null,
    port: null,
    language: null,
    unique: false,
    ...parameter,
  };
}

export function moduleOf(id: string, parameters: Parameter[]): ModuleSpec {
  return {
    id,
    version: 1,
    title: id,
    category: 'Data Transformation',
    category_id: 'data_transformation',
    summary: '',
    description: '',
    deterministic: true,
    inputs: [
      {
        name: 'dataset',
        title: 'Dataset',
        type: 'Table',
        help: '',
        required: true,
        multiple: false,
        form: 'lazy',
      },
    ],
    outputs: [{ name: 'results', title: 'Results', type: 'Table', help: '', form: 'lazy' }],
    parameters,
  };
}
