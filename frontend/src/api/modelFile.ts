/** Trained models as files: a step of a run writes them, and the file is fetched when it has ended. */
import { api, data } from './client';
import { downloadFile } from './download';
import type { Run } from './types';

export type ModelFormat = 'skops' | 'onnx' | 'mlflow';

export interface ModelPlace {
  runId: string;
  node: string;
  port: string;
}

const STEP = 'file';
const OUTPUT = 'model_file';
const LOOK_MS = 400;
const ENDED: ReadonlySet<string> = new Set(['completed', 'failed', 'cancelled']);

/** Have a model written and save the file; rejects in the words of the step where it failed. */
export async function downloadModel({ runId, node, port }: ModelPlace, format: ModelFormat): Promise<void> {
  const path = { run_id: runId, node, port };
  let run = await data<Run>(
    api.POST('/api/runs/{run_id}/nodes/{node}/outputs/{port}/files', { params: { path }, body: { format } }),
  );
  while (!ENDED.has(run.status)) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    run = await data<Run>(api.GET('/api/runs/{run_id}', { params: { path: { run_id: run.id } } }));
  }
  const step = run.nodes[STEP];
  const file = step?.outputs[OUTPUT];
  if (!file)
    throw new Error([step?.error?.message ?? run.status, step?.error?.hint].filter(Boolean).join('. '));
  await downloadFile(`/api/artifacts/${file.digest}/download`);
}
