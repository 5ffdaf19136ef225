import { emptyHour, type HourSketch } from './sketch.ts';

/** The hours of a day that have samples: hour of the day (0 to 23) -> its sketch. */
export type DaySketch = Map<number, HourSketch>;

/**
 * A day as bytes: for each hour its number, count and active samples, minimum, maximum and sum as
 * doubles, the moments as runs of equal steps, and the bins by rising number. Whole numbers are
 * written seven bits a byte, the low ones first.
 */
export function encodeDay(day: DaySketch): Uint8Array {
  const out = createWriter();
  for (const [hour, sketch] of [...day].sort(([a], [b]) => a - b)) {
    out.whole(hour);
    out.whole(sketch.count);
    out.whole(sketch.active);
    out.double(sketch.min);
    out.double(sketch.max);
    out.double(sketch.sum);
    writeTimes(out, sketch.times);
    const { numbers, samples } = sketch.bins;
    out.whole(numbers.length);
    let before = 0;
    for (const [i, bin] of numbers.entries()) {
      out.whole(bin - before);
      out.whole(samples[i] ?? 0);
      before = bin;
    }
  }
  return out.bytes();
}

/**
 * Throws a RangeError where the bytes end early. Who only looks at distributions passes over the
 * moments: `times` stays empty then, and nothing can be added.
 */
export function decodeDay(bytes: Uint8Array, withTimes = true): DaySketch {
  const read = createReader(bytes);
  const day: DaySketch = new Map();
  while (read.more()) {
    const hour = read.whole();
    const sketch = emptyHour();
    sketch.count = read.whole();
    sketch.active = read.whole();
    sketch.min = read.double();
    sketch.max = read.double();
    sketch.sum = read.double();
    readTimes(read, sketch, withTimes);
    let bin = 0;
    for (let left = read.whole(); left > 0; left--) {
      bin += read.whole();
      sketch.bins.numbers.push(bin);
      sketch.bins.samples.push(read.whole());
    }
    day.set(hour, sketch);
  }
  return day;
}

function writeTimes(out: Writer, times: readonly number[]): void {
  let before = 0;
  for (let i = 0; i < times.length; ) {
    const step = (times[i] ?? 0) - before;
    let run = 0;
    while (i < times.length && (times[i] ?? 0) - before === step) {
      before = times[i] ?? 0;
      run++;
      i++;
    }
    out.whole(step);
    out.whole(run);
  }
}

function readTimes(read: Reader, sketch: HourSketch, keep: boolean): void {
  let time = 0;
  for (let left = sketch.count; left > 0; ) {
    const step = read.whole();
    const run = read.whole();
    if (run === 0) throw new RangeError('a run of no moments');
    left -= run;
    if (keep) for (let i = 0; i < run; i++) sketch.times.push((time += step));
  }
}

interface Writer {
  whole: (value: number) => void;
  double: (value: number) => void;
  bytes: () => Uint8Array;
}

function createWriter(): Writer {
  let buffer = new Uint8Array(1024);
  let at = 0;
  const room = (bytes: number) => {
    if (at + bytes <= buffer.length) return;
    const larger = new Uint8Array(buffer.length * 2);
    larger.set(buffer);
    buffer = larger;
  };
  return {
    whole: (value) => {
      room(8);
      let rest = value;
      while (rest >= 128) {
        buffer[at++] = (rest % 128) + 128;
        rest = Math.floor(rest / 128);
      }
      buffer[at++] = rest;
    },
    double: (value) => {
      room(8);
      new DataView(buffer.buffer).setFloat64(at, value, true);
      at += 8;
    },
    bytes: () => buffer.subarray(0, at),
  };
}

interface Reader {
  more: () => boolean;
  whole: () => number;
  double: () => number;
}

function createReader(bytes: Uint8Array): Reader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  return {
    more: () => at < bytes.length,
    whole: () => {
      let value = 0;
      let scale = 1;
      for (;;) {
        const byte = view.getUint8(at++);
        value += (byte % 128) * scale;
        if (byte < 128) return value;
        scale *= 128;
      }
    },
    double: () => {
      const value = view.getFloat64(at, true);
      at += 8;
      return value;
    },
  };
}
