"""Whole models of transformers, from the checkpoints that Gerbert writes."""

import numpy
import torch
from side import reset_peak_memory


def padded(flat, lengths):
    """Packed ids as PyTorch's models want them: [B, longest] with zeros behind, and what is real."""
    ids = torch.zeros(len(lengths), max(lengths), dtype=torch.long)
    mask = torch.zeros_like(ids)
    row = 0
    for b, length in enumerate(lengths):
        ids[b, :length] = torch.from_numpy(flat[row : row + length]).long()
        mask[b, :length] = 1
        row += length
    return ids, mask


def encoder(directory):
    from transformers import BertModel

    return BertModel.from_pretrained(directory, add_pooling_layer=False, dtype=torch.float32).eval()


def bert(inputs, params):
    model = encoder(params["directory"])
    if params.get("precision") == "bf16":
        model = model.to(torch.bfloat16)
    ids, mask = padded(inputs["ids"], params["lengths"])
    # Without padding there is nothing to mask, and PyTorch is faster.
    arguments = {"input_ids": ids} | ({} if bool(mask.all()) else {"attention_mask": mask})
    real = mask.bool()

    @torch.inference_mode()
    def run():
        return model(**arguments).last_hidden_state

    def outputs():
        exact = encoder(params["directory"]).double()
        with torch.inference_mode():
            wanted = exact(**arguments).last_hidden_state
        return {"hidden": run()[real].float().numpy(), "exact": wanted[real].numpy()}

    return run, outputs


def export(request):
    """An encoder as ONNX, sequences and lengths free: input_ids, attention_mask → last_hidden_state."""
    model = encoder(request["directory"])

    class Hidden(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.model = model

        def forward(self, input_ids, attention_mask):
            return self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state

    ids = torch.ones(2, 16, dtype=torch.long)
    free = {0: torch.export.Dim("batch", min=1, max=1024), 1: torch.export.Dim("length", min=2, max=512)}
    torch.onnx.export(
        Hidden().eval(),
        (ids, torch.ones_like(ids)),
        request["file"],
        input_names=["input_ids", "attention_mask"],
        output_names=["last_hidden_state"],
        dynamic_shapes=(free, free),
        dynamo=True,
        external_data=True,
        verbose=False,
    )
    return {}


def quantise(request):
    """An encoder's ONNX file with 8-bit weights, a step for each column; activations are quantised as they come."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        request["from"], request["to"], per_channel=True, weight_type=QuantType.QInt8, use_external_data_format=True
    )
    return {}


def gpt_training(inputs, params):
    from transformers import GPT2LMHeadModel

    torch.set_grad_enabled(True)
    model = GPT2LMHeadModel.from_pretrained(params["directory"], dtype=torch.float32).train()
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    model.config.use_cache = False
    decays = [p for p in model.parameters() if p.ndim >= 2]
    others = [p for p in model.parameters() if p.ndim < 2]
    groups = [{"params": decays, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=params["lr"], fused=True)
    size = params["length"] + 1
    tokens = torch.from_numpy(inputs["tokens"]).long().reshape(-1, params["batch"], size)
    autocast = params.get("precision") == "bf16"
    losses = []
    steps = [0]

    def run():
        batch = tokens[steps[0] % len(tokens)]
        steps[0] += 1
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", torch.bfloat16, enabled=autocast):
            logits = model(input_ids=batch[:, :-1]).logits
            loss = torch.nn.functional.cross_entropy(logits.float().flatten(0, 1), batch[:, 1:].flatten())
        loss.backward()
        optimizer.step()
        if len(losses) < params["checked"]:
            losses.append(loss.item())

    def outputs():
        while len(losses) < params["checked"]:
            run()
        return {"losses": numpy.array(losses, numpy.float32)}

    reset_peak_memory()
    return run, outputs
