/** The server's shapes by their short names; `schema.ts` is generated from its description. */
import type { components } from './schema';

type Schemas = components['schemas'];

export type ModuleSpec = Schemas['ModuleSpec'];
export type ModulePage = Schemas['ModulePage'];
export type Parameter = Schemas['Parameter'];
export type InputPort = Schemas['InputPort'];
export type OutputPort = Schemas['OutputPort'];
export type Dataset = Schemas['DatasetOut'];
export type Column = Schemas['Column'];
export type ColumnStatistics = Schemas['ColumnStatistics'];
export type TablePage = Schemas['TablePage'];
export type Problem = Schemas['Problem'];
export type Advice = Schemas['Advice'];
export type Repair = Schemas['Repair'];
export type Examination = Schemas['ExaminationOut'];
export type Draft = Schemas['DraftOut'];
export type DraftSummary = Schemas['DraftSummary'];
export type Run = Schemas['RunOut'];
export type RunSummary = Schemas['RunSummary'];
export type NodeState = Schemas['NodeState'];
export type StoredOutput = Schemas['StoredOutput'];
export type Failure = Schemas['Failure'];
export type RunEvent = Schemas['EventOut'];
export type Explanation = Required<Schemas['Explanation']>;
export type Cause = Explanation['causes'][number];
export type Root = Schemas['Root'];
export type Sample = Schemas['Sample'];
export type Session = Schemas['Session'];
export type SecretName = Schemas['SecretOut'];
export type Token = Schemas['Token'];
export type NewToken = Schemas['NewToken'];
export type DocumentJson = Schemas['Document'];
export type NodeJson = Schemas['Node'];
export type PortTypes = Record<string, string[]>;
