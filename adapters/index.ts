import { businessRegistry } from './business-registry/adapter.ts';
import { taxPayments } from './tax-payments/adapter.ts';

/** Every adapter of this deployment: one line each. */
export const adapters = [businessRegistry, taxPayments];
