/**
 * The package's face for embedders. Adapter authors import `adapter.ts`; verifying an envelope needs
 * `envelope/verify.ts` alone.
 */
export { type App, type AppBindings, createApp } from './app.ts';
export { DefinitionError, type DefinitionMistake } from './catalogue/compile.ts';
export { type Environment, readSettings } from './config.ts';
export { createMemoryReplayStore } from './envelope/replay.ts';
export { type SignedRequest, verifyRequestEnvelope } from './envelope/request-envelope.ts';
export type { Statement } from './envelope/statement.ts';
export { type Verified, type VerifyOptions, verifyEnvelope } from './envelope/verify.ts';
export type { Check, Refused, VerifyReason } from './envelope/verify-reason.ts';
export { ERRORS, type ErrorCode, type ErrorOwner, SpeanError } from './model/errors.ts';
export type { Platform } from './model/platform.ts';
export { type Settings, SettingsError } from './model/settings.ts';
