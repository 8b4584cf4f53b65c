import type { components } from './schema';

type Schemas = components['schemas'];

export type ApiKey = Schemas['ApiKey'];
export type Calendar = Schemas['Calendar'];
export type FollowUpEvent = Schemas['FollowUpEvent'];
export type Instance = Schemas['Instance'];
export type InstanceActionCounts = Schemas['InstanceActionCounts'];
export type InstanceActionInput = Schemas['InstanceActionInput'];
export type Limits = Schemas['Limits'];
export type Me = Schemas['Me'];
export type Moved = Schemas['Moved'];
export type NextStep = Schemas['NextStep'];
export type Operation = Schemas['Operation'];
export type Plan = Schemas['Plan'];
export type Preview = Schemas['Preview'];
export type PreviewStep = Schemas['PreviewStep'];
export type RecipientInput = Schemas['RecipientInput'];
export type Sequence = Schemas['Sequence'];
export type SequenceDetail = Schemas['SequenceDetail'];
export type Step = Schemas['Step'];
export type Try = Schemas['Try'];
export type Wait = Schemas['Wait'];
export type Why = Schemas['Why'];
