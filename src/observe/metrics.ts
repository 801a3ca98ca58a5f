import type { ExchangeFacts } from './exchange-record.ts';
import type { Metric, Sample } from './exposition.ts';
import { type Entry, Series } from './series.ts';

/** Upper bounds of the histograms' buckets, seconds: from a cached answer to the time budget. */
const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

interface Histogram {
  /** Observations of each bucket alone, and behind them those above all. */
  readonly counts: number[];
  sum: number;
}

/** The series of one operation, so that an exchange looks none of them up by its labels. */
interface OperationSeries {
  readonly labels: { readonly adapter: string; readonly operation: string };
  readonly duration: Histogram;
  readonly stages: Map<string, Histogram>;
  readonly legacyCalls: Map<string, Entry<number>>;
  last: { readonly clientClass: string; readonly code: string; readonly exchanges: Entry<number> } | undefined;
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
  /** By adapter and operation, which are names of definitions: what was counted there before. */
  readonly #known = new Map<string, OperationSeries>();

  /** Counts an exchange that has been answered. What a stranger wrote becomes no label: names count once an operation was found. */
  observe({ request, operation, error, stages, legacy, requestInTs, responseOutTs }: ExchangeFacts): void {
    const found = operation !== undefined;
    const named = this.#seriesOf(found ? request.adapter : 'unknown', operation ?? 'unknown');
    const clientClass = found ? (request.clientParts[1] ?? 'unknown') : 'unknown';
    this.#exchangesOf(named, clientClass, error).value++;
    observeSeconds(named.duration, responseOutTs - requestInTs);
    for (const stage in stages) {
      const milliseconds = stages[stage];
      if (milliseconds !== undefined) observeSeconds(this.#stageOf(named, stage), milliseconds);
    }
    for (const { status, age } of legacy) {
      this.#legacyCallsOf(named, age !== undefined ? 'held' : `${Math.floor((status ?? 0) / 100)}xx`).value++;
    }
  }

  #seriesOf(adapter: string, operation: string): OperationSeries {
    return held(this.#known, `${adapter}\n${operation}`, () => {
      const labels = { adapter, operation };
      const duration = this.#durations.entry(labels).value;
      return { labels, duration, stages: new Map(), legacyCalls: new Map(), last: undefined };
    });
  }

  /** Held for the last client's class and outcome only: how many there are is not ours to say. */
  #exchangesOf(named: OperationSeries, clientClass: string, error: ExchangeFacts['error']): Entry<number> {
    const code = error?.code ?? 'none';
    if (named.last?.clientClass === clientClass && named.last.code === code) return named.last.exchanges;
    const exchanges = this.#exchanges.entry({
      ...named.labels,
      client_class: clientClass,
      outcome: error === undefined ? 'answered' : 'problem',
      owner: error?.owner ?? 'none',
      code,
    });
    named.last = { clientClass, code, exchanges };
    return exchanges;
  }

  #stageOf({ labels: { adapter }, stages }: OperationSeries, stage: string): Histogram {
    return held(stages, stage, () => this.#stages.entry({ adapter, stage }).value);
  }

  #legacyCallsOf({ labels, legacyCalls }: OperationSeries, status: string): Entry<number> {
    return held(legacyCalls, status, () => this.#legacyCalls.entry({ ...labels, status }));
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

function held<V>(known: Map<string, V>, key: string, make: () => V): V {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  return made;
}

function increment(value: number): number {
  return value + 1;
}

function emptyHistogram(): Histogram {
  return { counts: new Array<number>(BUCKETS_SECONDS.length + 1).fill(0), sum: 0 };
}

function observeSeconds(histogram: Histogram, milliseconds: number): void {
  const seconds = milliseconds / 1000;
  let bucket = 0;
  while (bucket < BUCKETS_SECONDS.length && seconds > (BUCKETS_SECONDS[bucket] ?? 0)) bucket++;
  histogram.counts[bucket] = (histogram.counts[bucket] ?? 0) + 1;
  histogram.sum += seconds;
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
