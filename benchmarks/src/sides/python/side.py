"""The Python side of a benchmark: `side.py torch`, `openblas`, `tokenizers`, `tiktoken` or `gigatoken`. Speaks the JSON lines of ../serve.mjs."""

import importlib
import json
import sys
import time

import numpy


class Unsupported(Exception):
    """A case that this side cannot compute, which is no failure."""


def load(spec):
    dtype = {"f32": numpy.float32, "i32": numpy.int32}[spec["dtype"]]
    return numpy.fromfile(spec["file"], dtype).reshape(spec["shape"])


def reset_peak_memory():
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        pass


def peak_memory():
    try:
        with open("/proc/self/status") as file:
            for line in file:
                if line.startswith("VmHWM:"):
                    return round(int(line.split()[1]) / 1024)
    except OSError:
        pass
    return None


class Side:
    """Holds the prepared case: a pair of functions, `run` and `outputs`."""

    def __init__(self, library):
        self.library = library
        self.run = None

    def hello(self, _):
        return {"versions": self.library.versions()}

    def prepare(self, request):
        op = self.library.ops.get(request["case"])
        if op is None:
            raise Unsupported(f"there is no case '{request['case']}'")
        self.library.set_threads(request["threads"])
        inputs = {name: load(spec) for name, spec in request["inputs"].items()}
        self.run, outputs = op(inputs, request["params"])
        self.run()
        files = {}
        for name, array in outputs().items():
            files[name] = f"{request['folder']}/{request['side']}.{name}"
            numpy.ascontiguousarray(array, numpy.float32).tofile(files[name])
        unit = getattr(self.run, "unit", 0)
        return {"files": files, "unit": unit}

    def time(self, request):
        run = self.run
        if hasattr(run, "time"):
            return {"ms": run.time()}
        # What has data of its own for every round is told which it is.
        given = (request["round"],) if getattr(run, "rotates", False) else ()
        start = time.perf_counter()
        for _ in range(request["iterations"]):
            run(*given)
        return {"ms": (time.perf_counter() - start) * 1000}

    def memory(self, _):
        return {"mib": peak_memory()}

    def release(self, _):
        self.run = None
        return {}

    def export(self, request):
        """Writes an encoder as ONNX."""
        return self.library.export(request)

    def quantise(self, request):
        """Writes an encoder's ONNX file in 8 bits."""
        return self.library.quantise(request)


def main():
    side = Side(importlib.import_module(f"{sys.argv[1]}_side"))
    answers = sys.stdout
    # What libraries print must not come between the answers.
    sys.stdout = sys.stderr
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = getattr(side, request["op"])(request)
        except Exception as error:
            # By name: this file runs as __main__, and the libraries import it under its own.
            unsupported = type(error).__name__ == "Unsupported"
            answer = {"error": f"{type(error).__name__}: {error}", "unsupported": unsupported}
        print(json.dumps({"id": request["id"], **answer}), file=answers, flush=True)


if __name__ == "__main__":
    main()
