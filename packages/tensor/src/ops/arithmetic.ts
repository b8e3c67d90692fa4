import { Binary } from '../backend.js';
import { record } from '../graph.js';
import { sameShape, shapeMismatch, sizeOf } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { expectAlike, seenAs } from './operands.js';

/** a + b. Here and below b has a's shape, or is its trailing dimensions (repeated along the leading ones), or one element. */
export function add(a: Tensor, b: Tensor): Tensor {
  const y = binary('add', a, b);
  return record({
    name: 'add',
    inputs: [a, b],
    outputs: [y],
    saved: [],
    backward(gradients, [dy]) {
      gradients.give(a, dy!);
      if (gradients.needs(b)) gradients.give(b, sumTo(dy!, b));
    },
  });
}

/** a − b */
export function subtract(a: Tensor, b: Tensor): Tensor {
  const y = binary('subtract', a, b);
  return record({
    name: 'subtract',
    inputs: [a, b],
    outputs: [y],
    saved: [],
    backward(gradients, [dy]) {
      gradients.give(a, dy!);
      if (gradients.needs(b)) gradients.give(b, scaled(sumTo(dy!, b), -1));
    },
  });
}

/** a ∘ b, elementwise; da = dy ∘ b, db = dy ∘ a. */
export function multiply(a: Tensor, b: Tensor): Tensor {
  const y = binary('multiply', a, b);
  return record({
    name: 'multiply',
    inputs: [a, b],
    outputs: [y],
    saved: [a, b],
    backward(gradients, [dy]) {
      if (gradients.needs(a)) gradients.give(a, binary('multiply', dy!, b));
      if (gradients.needs(b)) gradients.give(b, sumTo(binary('multiply', dy!, a), b));
    },
  });
}

/** a / b, elementwise; da = dy / b, db = −dy ∘ y / b. */
export function divide(a: Tensor, b: Tensor): Tensor {
  const y = binary('divide', a, b);
  return record({
    name: 'divide',
    inputs: [a, b],
    outputs: [y],
    saved: [b, y],
    backward(gradients, [dy]) {
      if (gradients.needs(a)) gradients.give(a, binary('divide', dy!, b));
      if (gradients.needs(b)) {
        const quotient = binary('divide', binary('multiply', dy!, y), b);
        gradients.give(b, scaled(sumTo(quotient, b), -1));
      }
    },
  });
}

/** factor · x + shift, with plain numbers; dx = factor · dy. */
export function affine(x: Tensor, factor: number, shift = 0): Tensor {
  const y = scaled(x, factor, shift);
  return record({
    name: 'affine',
    inputs: [x],
    outputs: [y],
    saved: [],
    backward: (gradients, [dy]) => gradients.give(x, scaled(dy!, factor)),
  });
}

function scaled(x: Tensor, factor: number, shift = 0): Tensor {
  const y = x.emptyLike();
  x.device.backend.affine(y, x, factor, shift);
  return y;
}

function binary(name: keyof typeof Binary, a: Tensor, b: Tensor): Tensor {
  expectAlike(name, a, b);
  const trailing =
    b.shape.length <= a.shape.length && sameShape(b.shape, a.shape.slice(a.shape.length - b.shape.length));
  if (!trailing && b.size !== 1) {
    shapeMismatch(name, 'b shaped as a, as its trailing dimensions, or one element', { a: a.shape, b: b.shape });
  }
  const y = a.emptyLike();
  a.device.backend.binary(y, a, b, Binary[name]);
  return y;
}

/** Sums dy over the leading dimensions along which `like` was repeated. */
function sumTo(dy: Tensor, like: Tensor): Tensor {
  if (sameShape(dy.shape, like.shape)) return dy;
  const y = like.emptyLike();
  const width = like.size;
  const rows = width === 0 ? 0 : sizeOf(dy.shape) / width;
  dy.device.backend.sumRows(seenAs(y, [width]), seenAs(dy, [rows, width]), 0);
  return y;
}
