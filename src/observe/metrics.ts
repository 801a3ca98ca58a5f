import type { ExchangeFacts } from './exchange-record.ts';
import type { Metric, Sample } from './exposition.ts';
import { Series } from './series.ts';

/** Upper bounds of the histograms' buckets, seconds: from a cached answer to the time budget. */
const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

interface Histogram {
  /** Observations of each bucket alone, and behind them those above all. */
  readonly counts: number[];
  sum: number;
}

/**
 * Counts and durations of one isolate or process since it started. Labels are names from definitions and classes of
 * clients; who called and about whom never stands in a metric.
 */
export class Metrics {
  readonly #exchanges = new Series(() => 0);
  readonly #durations = new Series(emptyHistogram);
  readonly #stages = new Series(emptyHistogram);
  readonly #legacyCalls = new Series(() => 0);
  readonly #refused = new Series(() => 0);

  /** Counts an exchange that has been answered. What a stranger wrote becomes no label: names count once an operation was found. */
  observe({ request, operation, error, stages, legacy, requestInTs, responseOutTs }: ExchangeFacts): void {
    const found = operation !== undefined;
    const adapter = found ? request.adapter : 'unknown';
    const named = { adapter, operation: operation ?? 'unknown' };
    const outcome = {
      client_class: found ? (request.clientParts[1] ?? 'unknown') : 'unknown',
      outcome: error === undefined ? 'answered' : 'problem',
      owner: error?.owner ?? 'none',
      code: error?.code ?? 'none',
    };
    this.#exchanges.update({ ...named, ...outcome }, increment);
    observeSeconds(this.#durations, named, responseOutTs - requestInTs);
    for (const stage in stages) observeSeconds(this.#stages, { adapter, stage }, stages[stage] ?? 0);
    for (const { status, age } of legacy) {
      const answered = age !== undefined ? 'held' : `${Math.floor((status ?? 0) / 100)}xx`;
      this.#legacyCalls.update({ ...named, status: answered }, increment);
    }
  }

  /** Counts a request that was refused before it was an exchange, by its problem's code. */
  refuse(code: string): void {
    this.#refused.update({ code }, increment);
  }

  collect(): Metric[] {
    return [
      counter('spean_exchanges_total', 'Exchanges answered, by what came of them', this.#exchanges),
      histogram('spean_exchange_duration_seconds', 'From hearing a request to its sealed answer', this.#durations),
      histogram('spean_stage_duration_seconds', 'Time spent in each stage', this.#stages),
      counter('spean_legacy_calls_total', 'Legacy answers, by HTTP status', this.#legacyCalls),
      counter('spean_refused_total', 'Requests refused before they were exchanges', this.#refused),
    ];
  }
}

function increment(value: number): number {
  return value + 1;
}

function emptyHistogram(): Histogram {
  return { counts: new Array<number>(BUCKETS_SECONDS.length + 1).fill(0), sum: 0 };
}

function observeSeconds(
  series: Series<Histogram>,
  labels: Readonly<Record<string, string>>,
  milliseconds: number,
): void {
  const seconds = milliseconds / 1000;
  series.update(labels, (value) => {
    const bound = BUCKETS_SECONDS.findIndex((upper) => seconds <= upper);
    const bucket = bound === -1 ? BUCKETS_SECONDS.length : bound;
    value.counts[bucket] = (value.counts[bucket] ?? 0) + 1;
    value.sum += seconds;
    return value;
  });
}

function counter(name: string, help: string, series: Series<number>): Metric {
  return { name, type: 'counter', help, samples: [...series.entries()] };
}

function histogram(name: string, help: string, series: Series<Histogram>): Metric {
  const samples = [...series.entries()].flatMap(({ labels, value }): Sample[] => {
    let sum = 0;
    const buckets = value.counts.map((count, index): Sample => {
      sum += count;
      const le = String(BUCKETS_SECONDS[index] ?? '+Inf');
      return { suffix: '_bucket', labels: { ...labels, le }, value: sum };
    });
    return [...buckets, { suffix: '_sum', labels, value: value.sum }, { suffix: '_count', labels, value: sum }];
  });
  return { name, type: 'histogram', help, samples };
}
