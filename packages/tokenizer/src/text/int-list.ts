/** Growable list of 32-bit integers. */
export class IntList {
  data: Int32Array;
  length = 0;

  constructor(capacity = 16) {
    this.data = new Int32Array(capacity);
  }

  push(value: number): void {
    if (this.length === this.data.length) this.reserve(1);
    this.data[this.length++] = value;
  }

  push2(first: number, second: number): void {
    if (this.length + 2 > this.data.length) this.reserve(2);
    this.data[this.length++] = first;
    this.data[this.length++] = second;
  }

  /** Appends the first `count` of `values`. */
  append(values: Int32Array, count: number): void {
    this.reserve(count);
    this.data.set(values.subarray(0, count), this.length);
    this.length += count;
  }

  /** Makes room for `more` values behind the present ones. */
  reserve(more: number): void {
    if (this.length + more <= this.data.length) return;
    const grown = new Int32Array(Math.max(this.length + more, this.data.length * 2));
    grown.set(this.data);
    this.data = grown;
  }

  toArray(): Int32Array {
    return this.data.slice(0, this.length);
  }
}
