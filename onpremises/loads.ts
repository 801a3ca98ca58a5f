/**
 * Run by `workerd test` beside all that the worker consists of: it passes when workerd could load the rest, certificates
 * and code. A worker that runs is only given up for one that loads.
 */
export default {
  test(): void {},
};
