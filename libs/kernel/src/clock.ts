/** Port. What time it is, so that tests can say. */
export abstract class Clock {
  abstract now(): Date;
}

export class SystemClock extends Clock {
  override now(): Date {
    return new Date();
  }
}

export class FixedClock extends Clock {
  private readonly at: Date;
  constructor(at: Date) {
    super();
    this.at = at;
  }
  override now(): Date {
    return new Date(this.at);
  }
}
