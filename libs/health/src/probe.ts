import { type ProbeTime, STEADY_TIME } from './probe.time.ts';

/** How a part of the vault is. Everyone may read it: values only, no names of hosts and no texts of errors. */
export interface Component {
  status: 'healthy' | 'degraded' | 'unhealthy';
  [fact: string]: string | number | boolean;
}

export interface ProbeTimes {
  /** Longest wait for an answer. */
  timeoutMs: number;
  /** How long a good answer stands. Any other stands for a second, so that what comes back is seen to. */
  cacheMs: number;
  /** When a question that was never answered is asked anew. */
  giveUpMs: number;
}

const TIMES: ProbeTimes = { timeoutMs: 1000, cacheMs: 1000, giveUpMs: 5000 };
const BAD_NEWS_MS = 1000;

interface Question {
  answer: Promise<Component>;
  askedAt: number;
}

/**
 * Asks one thing how it is, at most once a second however many want to know. A question that is not answered in time is
 * not put again on top of itself: what is slow would get a new one with every look at it.
 */
export class Probe {
  private readonly check: () => Promise<Component>;
  private readonly late: () => Component;
  private readonly times: ProbeTimes;
  private readonly time: ProbeTime;
  private question: Question | null = null;
  private looking: Promise<Component> | null = null;
  private seen: { component: Component; until: number } | null = null;

  /** @param late what to say when there is no answer in time. */
  constructor(
    check: () => Promise<Component>,
    late: () => Component = () => ({ status: 'unhealthy' }),
    times: Partial<ProbeTimes> = {},
    time: ProbeTime = STEADY_TIME,
  ) {
    this.check = check;
    this.late = late;
    this.times = { ...TIMES, ...times };
    this.time = time;
  }

  /** Never throws: being away is an answer. */
  look(): Promise<Component> {
    if (this.seen && this.time.now() < this.seen.until) return Promise.resolve(this.seen.component);
    this.looking ??= this.lookAgain().finally(() => (this.looking = null));
    return this.looking;
  }

  private async lookAgain(): Promise<Component> {
    const patience = new AbortController();
    const late = this.time.pass(this.times.timeoutMs, patience.signal).catch(() => null);
    const component = (await Promise.race([this.ask(), late])) ?? this.late();
    patience.abort();
    const { cacheMs } = this.times;
    const stands = component.status === 'healthy' ? cacheMs : Math.min(cacheMs, BAD_NEWS_MS);
    this.seen = { component, until: this.time.now() + stands };
    return component;
  }

  private ask(): Promise<Component> {
    const now = this.time.now();
    if (this.question && now - this.question.askedAt < this.times.giveUpMs) return this.question.answer;
    const question: Question = { askedAt: now, answer: answerOf(this.check) };
    this.question = question;
    const settled = (): void => {
      if (this.question === question) this.question = null;
    };
    void question.answer.then(settled);
    return question.answer;
  }
}

/** The error is not kept: what it says may name a host, and whoever made it has logged it where it matters. */
async function answerOf(check: () => Promise<Component>): Promise<Component> {
  try {
    return await check();
  } catch {
    return { status: 'unhealthy' };
  }
}
