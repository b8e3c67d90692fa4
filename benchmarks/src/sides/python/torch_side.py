"""PyTorch: kernels through the functions that write into given memory where there are such, models through transformers."""

import torch
import torch_models
from side import Unsupported

aten = torch.ops.aten
torch.set_grad_enabled(False)


def versions():
    import transformers

    return {"torch": torch.__version__, "transformers": transformers.__version__}


def set_threads(count):
    torch.set_num_threads(count)


def tensors(inputs):
    return {name: torch.from_numpy(array) for name, array in inputs.items()}


def gemm(inputs, params):
    t = tensors(inputs)
    precision = params.get("precision", "f32")
    if precision == "int8":
        return int8_linear(t)
    dtype = {"f32": torch.float32, "bf16": torch.bfloat16}[precision]
    a, weights = t["a"].to(dtype), t["b"].to(dtype)
    bias = t["bias"].to(dtype) if "bias" in t else None
    if weights.ndim == 2:
        weights = weights[None]
    if params.get("transB"):
        weights = weights.transpose(1, 2)
    weights = list(weights)
    y = torch.empty(a.shape[0], weights[0].shape[1], dtype=dtype)

    def run():
        for weight in weights:
            if bias is None:
                torch.mm(a, weight, out=y)
            else:
                torch.addmm(bias, a, weight, out=y)

    if precision == "bf16":
        run.unit = 2**-8
    return run, lambda: {"y": y.float().numpy()}


def int8_linear(t):
    """Dynamic quantisation: weights packed once, activations quantised at every run."""
    weight = t["b"] if t["b"].ndim == 2 else t["b"][0]
    linear = torch.nn.Linear(weight.shape[1], weight.shape[0], bias="bias" in t)
    linear.weight.copy_(weight)
    if "bias" in t:
        linear.bias.copy_(t["bias"])
    try:
        quantised = torch.ao.quantization.quantize_dynamic(torch.nn.Sequential(linear), {torch.nn.Linear}, torch.qint8)
    except (AttributeError, RuntimeError) as error:
        raise Unsupported(f"this PyTorch has no dynamic quantisation: {error}") from error
    return (lambda: quantised(t["a"])), lambda: {"y": quantised(t["a"]).numpy()}


def softmax(inputs, _):
    x = torch.from_numpy(inputs["x"])
    y = torch.empty_like(x)
    return (lambda: aten._softmax.out(x, -1, False, out=y)), lambda: {"y": y.numpy()}


def softmax_backward(inputs, _):
    t = tensors(inputs)
    dx = torch.empty_like(t["y"])
    run = lambda: aten._softmax_backward_data.out(t["dy"], t["y"], -1, torch.float32, grad_input=dx)  # noqa: E731
    return run, lambda: {"dx": dx.numpy()}


def layer_norm(inputs, _):
    t = tensors(inputs)
    x, residual = t["x"], t.get("residual")
    rows, width = x.shape
    y, s = torch.empty_like(x), torch.empty_like(x)
    mean, rstd = torch.empty(rows, 1), torch.empty(rows, 1)

    def run():
        if residual is not None:
            torch.add(x, residual, out=s)
        aten.native_layer_norm.out(
            x if residual is None else s, [width], t["gamma"], t["beta"], 1e-5, out0=y, out1=mean, out2=rstd
        )

    return run, lambda: {"y": y.numpy()}


def layer_norm_backward(inputs, _):
    t = tensors(inputs)
    x = t["x"]
    rows, width = x.shape
    _, mean, rstd = aten.native_layer_norm(x, [width], t["gamma"], t["beta"], 1e-5)
    out = [torch.empty_like(x), torch.empty(width), torch.empty(width)]

    def run():
        aten.native_layer_norm_backward.out(
            t["dy"], x, [width], mean, rstd, t["gamma"], t["beta"], [True, True, True],
            out0=out[0], out1=out[1], out2=out[2],
        )  # fmt: skip

    return run, lambda: {"dx": out[0].numpy(), "dgamma": out[1].numpy(), "dbeta": out[2].numpy()}


kinds = {"erf": "none", "tanh": "tanh"}


def gelu(inputs, params):
    x = torch.from_numpy(inputs["x"])
    y = torch.empty_like(x)
    return (lambda: aten.gelu.out(x, approximate=kinds[params["kind"]], out=y)), lambda: {"y": y.numpy()}


def gelu_backward(inputs, params):
    t = tensors(inputs)
    dx = torch.empty_like(t["x"])
    kind = kinds[params["kind"]]
    run = lambda: aten.gelu_backward.grad_input(t["dy"], t["x"], approximate=kind, grad_input=dx)  # noqa: E731
    return run, lambda: {"dx": dx.numpy()}


def adamw(inputs, params):
    t = tensors(inputs)
    w = torch.nn.Parameter(t["w"])
    w.grad = t["g"]
    betas = (params["beta1"], params["beta2"])
    optimizer = torch.optim.AdamW(
        [w], lr=params["lr"], betas=betas, eps=params["eps"], weight_decay=params["decay"], fused=True
    )
    return optimizer.step, lambda: {"w": w.detach().numpy()}


def cross_entropy(inputs, params):
    logits = torch.from_numpy(inputs["logits"])
    targets = torch.from_numpy(inputs["targets"]).long()
    loss = torch.nn.functional.cross_entropy
    if not params["backward"]:
        return (lambda: loss(logits, targets, reduction="none")), lambda: {
            "loss": loss(logits, targets, reduction="none").numpy()
        }
    logits.requires_grad_(True)
    ones = torch.ones(logits.shape[0])
    found = {}

    def run():
        logits.grad = None
        with torch.enable_grad():
            found["loss"] = loss(logits, targets, reduction="none")
            found["loss"].backward(ones)

    return run, lambda: {"loss": found["loss"].detach().numpy(), "dlogits": logits.grad.numpy()}


def gather_rows(inputs, _):
    x, index = torch.from_numpy(inputs["x"]), torch.from_numpy(inputs["index"])
    y = torch.empty(len(index), x.shape[1])
    return (lambda: torch.index_select(x, 0, index, out=y)), lambda: {"y": y.numpy()}


def scatter_add_rows(inputs, params):
    dy, index = torch.from_numpy(inputs["dy"]), torch.from_numpy(inputs["index"])
    dx = torch.zeros(params["size"], dy.shape[1])
    return (lambda: dx.index_add_(0, index, dy)), lambda: {"dx": dx.numpy()}


def attention(inputs, params):
    """The rows of qkv as PyTorch likes them best: q, k and v apart, each head's rows together."""
    batch, length, heads, size = (params[name] for name in ("batch", "length", "heads", "headSize"))
    t = tensors(inputs)
    qkv = t["qkv"].reshape(batch, length, 3, heads, size).permute(2, 0, 3, 1, 4).contiguous()
    q, k, v = qkv[0].contiguous(), qkv[1].contiguous(), qkv[2].contiguous()
    causal = bool(params["causal"])
    attend = torch.nn.functional.scaled_dot_product_attention

    def rows(x):
        return x.permute(0, 2, 1, 3).reshape(batch * length, heads * size)

    if not params.get("backward"):
        run = lambda: attend(q, k, v, is_causal=causal)  # noqa: E731
        return run, lambda: {"y": rows(run()).numpy()}
    dy = t["dy"].reshape(batch, length, heads, size).permute(0, 2, 1, 3).contiguous()
    leaves = [each.requires_grad_(True) for each in (q, k, v)]
    with torch.enable_grad():
        y = attend(q, k, v, is_causal=causal)
    run = lambda: torch.autograd.grad(y, leaves, dy, retain_graph=True)  # noqa: E731
    return run, lambda: {"dqkv": torch.cat([rows(each) for each in run()], 1).numpy()}


ops = {
    "gemm": gemm,
    "softmax": softmax,
    "softmaxBackward": softmax_backward,
    "layerNorm": layer_norm,
    "layerNormBackward": layer_norm_backward,
    "gelu": gelu,
    "geluBackward": gelu_backward,
    "adamw": adamw,
    "crossEntropy": cross_entropy,
    "gatherRows": gather_rows,
    "scatterAddRows": scatter_add_rows,
    "attention": attention,
    "bert": torch_models.bert,
    "gptTraining": torch_models.gpt_training,
}

export = torch_models.export
quantise = torch_models.quantise
