"""OpenBLAS as numpy's wheel brings it: the f32 matrix product alone."""

import numpy
import threadpoolctl
from side import Unsupported


def openblas():
    return next(info for info in threadpoolctl.threadpool_info() if info["internal_api"] == "openblas")


def versions():
    info = openblas()
    return {"numpy": numpy.__version__, "openblas": f"{info['version']} ({info['architecture']})"}


def set_threads(count):
    threadpoolctl.threadpool_limits(limits=count, user_api="blas")


def gemm(inputs, params):
    if params.get("precision", "f32") != "f32":
        raise Unsupported("OpenBLAS multiplies f32 here")
    a, weights, bias = inputs["a"], inputs["b"], inputs.get("bias")
    if weights.ndim == 2:
        weights = weights[None]
    if params.get("transB"):
        weights = weights.transpose(0, 2, 1)
    y = numpy.empty((a.shape[0], weights.shape[2]), numpy.float32)

    def run():
        for weight in weights:
            numpy.matmul(a, weight, out=y)
            if bias is not None:
                numpy.add(y, bias, out=y)

    return run, lambda: {"y": y}


ops = {"gemm": gemm}
