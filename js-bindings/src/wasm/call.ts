// SPDX-License-Identifier: Apache-2.0
// The one border to the raw module, and the only place that throws: `CountersignError` for what the core
// refuses, `TypeError` for a program that passes the wrong kind of value.
import { CountersignError, type CountersignErrorCode } from "../error.js";
import type { RawCore, RawResult, RawRow } from "./raw.js";

export type { RawBudget, RawChances, RawPolicy } from "./raw-policy.js";

/**
 * Nothing that the core accepts is longer, but for proofs of the audit chain; what is, is refused here before it is
 * copied into the heap.
 */
const longestCrossing = 65536;

const encoder = new TextEncoder();
// A byte order mark is part of the text.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** What every module says of itself. */
interface RawTables {
  errors(): readonly RawRow[];
  algorithms?(): readonly string[];
}

/** A loaded module with its tables read. */
export class Border<Raw extends RawTables = RawCore> {
  readonly algorithms: readonly string[];
  readonly #sentences: ReadonlyMap<string, string>;

  constructor(readonly raw: Raw) {
    this.algorithms = raw.algorithms?.() ?? [];
    this.#sentences = new Map(raw.errors().map((row) => [row.name, row.sentence]));
  }

  /** Throws what the code stands for, with the core's own sentence. */
  refuse(code: CountersignErrorCode): never {
    throw new CountersignError(code, this.#sentences.get(code) ?? code);
  }

  /** The value of an answer, or throws its error. */
  open<T>(answer: RawResult<T>): T {
    return answer.ok ? answer.value : this.refuse(answer.code as CountersignErrorCode);
  }

  /** Bytes to hand over; `tooLong` is the error of a value that no function of the core would take. */
  bytes(value: Uint8Array, name: string, tooLong: CountersignErrorCode, longest = longestCrossing): Uint8Array {
    if (!(value instanceof Uint8Array)) throw new TypeError(`${name}: a Uint8Array is needed`);
    return value.length > longest ? this.refuse(tooLong) : value;
  }

  /** Text to hand over, as UTF-8. */
  text(value: string, name: string, tooLong: CountersignErrorCode): Uint8Array {
    if (typeof value !== "string") throw new TypeError(`${name}: a string is needed`);
    return value.length > longestCrossing ? this.refuse(tooLong) : encoder.encode(value);
  }

  /** A whole number that a double holds exactly. */
  integer(value: number, name: string): number {
    if (!Number.isSafeInteger(value)) throw new TypeError(`${name}: a whole number is needed`);
    return value;
  }

  /** A count; one past 32 bits stays out of every range of the core instead of wrapping into it. */
  small(value: number, name: string): number {
    return Math.max(-0x80000000, Math.min(0x7fffffff, this.integer(value, name)));
  }

  /** A list of names, each one of those that are known. */
  names<Name extends string>(given: readonly Name[], known: readonly Name[], name: string): readonly Name[] {
    if (!Array.isArray(given) || given.some((it) => !known.includes(it))) {
      throw new TypeError(`${name}: known are ${known.join(", ")}`);
    }
    return given;
  }

  /** A number that may have a fraction; what is none is for the core to refuse. */
  real(value: number, name: string): number {
    if (typeof value !== "number") throw new TypeError(`${name}: a number is needed`);
    return value;
  }

  /** An unsigned number of 64 bits, in halves. */
  halves(value: bigint, name: string): { high: number; low: number } {
    if (typeof value !== "bigint" || BigInt.asUintN(64, value) !== value) {
      throw new TypeError(`${name}: a bigint of 0 to 2^64 - 1 is needed`);
    }
    return { high: Number(value >> 32n), low: Number(value & 0xffffffffn) };
  }
}

/** Reads text that the core answered, and wipes the bytes it came in. */
export function takeText(bytes: Uint8Array): string {
  const text = decoder.decode(bytes);
  bytes.fill(0);
  return text;
}
