"""Makes the goldens beside this file: tiny random BERTs as Hugging Face writes them, and what PyTorch computes with them.

    pip install torch==2.13.0 transformers==5.23.0 safetensors
    python make.py && npm run format        (the latter for the JSON)

For each model NAME a checkpoint directory NAME/, written by save_pretrained, and NAME.golden.safetensors, computed in f64 from
the checkpoint's f32 numbers (one row per token, padding left out):

    input_ids, attention_mask, token_type_ids [B, T]      the padded batch
    hidden.L [N, C]       hidden states after the embeddings (L = 0) and each layer
    attention.L [Σ H·T·T] attention probabilities of each layer, sequence after sequence
    logits…, loss…        of the heads
    grad.NAME             gradient of the total loss with respect to every parameter
    adamw.loss [10]       losses before each of ten steps of AdamW on this batch
    adamw.norm [10]       norms of the gradients before clipping

The metadata hold the versions, the seed, and what AdamW was given.
"""

import json
import pathlib

import torch
import transformers
from safetensors.torch import save_file
from transformers import BertConfig, BertForPreTraining, BertForSequenceClassification

here = pathlib.Path(__file__).parent
SEED = 20250307
LENGTHS = [13, 9, 5, 12]
FIRST_SEGMENT = [6, 5, 3, 12]  # the last sequence has only one segment
ADAMW = {"lr": 0.01, "betas": [0.9, 0.98], "eps": 1e-6, "weight_decay": 0.1, "max_norm": 0.5}


def config(hidden_act, **more):
    return BertConfig(
        vocab_size=97,
        hidden_size=24,
        num_hidden_layers=3,
        num_attention_heads=4,
        intermediate_size=40,
        hidden_act=hidden_act,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        max_position_embeddings=17,
        type_vocab_size=2,
        layer_norm_eps=1e-5,
        **more,
    )


def randomise(model, generator):
    """Every parameter away from its default, so that none can be left out unnoticed."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            is_gamma = name.endswith("LayerNorm.weight")
            parameter.copy_(1 + 0.3 * noise if is_gamma else 0.25 * noise)


def padded_batch(generator):
    longest = max(LENGTHS)
    ids = torch.zeros(len(LENGTHS), longest, dtype=torch.long)
    mask, types = torch.zeros_like(ids), torch.zeros_like(ids)
    for row, (length, first) in enumerate(zip(LENGTHS, FIRST_SEGMENT)):
        ids[row, :length] = torch.randint(1, 97, (length,), generator=generator)
        mask[row, :length] = 1
        types[row, first:length] = 1
    return {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}


def unpadded(tensor, mask):
    return tensor[mask.bool()]


def decays(parameter):
    return parameter.ndim >= 2


def train(model, loss_of):
    """Ten steps of AdamW; dropout is 0. Parameters of one dimension do not decay."""
    parameters = list(model.parameters())
    groups = [
        {"params": [p for p in parameters if decays(p)], "weight_decay": ADAMW["weight_decay"]},
        {"params": [p for p in parameters if not decays(p)], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=ADAMW["lr"], betas=tuple(ADAMW["betas"]), eps=ADAMW["eps"])
    losses, norms = [], []
    for _ in range(10):
        optimizer.zero_grad()
        loss = loss_of(model)
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(parameters, ADAMW["max_norm"]).item())
        optimizer.step()
        losses.append(loss.item())
    assert norms[0] > ADAMW["max_norm"], "clipping does not act"
    return {"adamw.loss": torch.tensor(losses, dtype=torch.float64), "adamw.norm": torch.tensor(norms, dtype=torch.float64)}


def golden(name, model, batch, labels, describe):
    directory = here / name
    model.save_pretrained(directory)
    model = type(model).from_pretrained(directory, attn_implementation="eager").double().train()
    mask = batch["attention_mask"]

    def run(model):
        return model(**batch, **labels, output_hidden_states=True, output_attentions=True)

    output = run(model)
    output.loss.backward()
    tensors = {key: value.int() for key, value in {**batch, **labels}.items()}
    tensors["loss"] = output.loss
    for layer, hidden in enumerate(output.hidden_states):
        tensors[f"hidden.{layer}"] = unpadded(hidden, mask)
    for layer, maps in enumerate(output.attentions):
        parts = [maps[row, :, :length, :length].flatten() for row, length in enumerate(LENGTHS)]
        tensors[f"attention.{layer}"] = torch.cat(parts)
    tensors.update(describe(output))
    for parameter_name, parameter in model.named_parameters():
        tensors[f"grad.{parameter_name}"] = parameter.grad.clone()
    tensors.update(train(model, lambda model: run(model).loss))
    metadata = {
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "seed": str(SEED),
        "adamw": json.dumps(ADAMW),
    }
    contiguous = {key: value.detach().contiguous() for key, value in tensors.items()}
    path = here / f"{name}.golden.safetensors"
    save_file(contiguous, path, metadata)
    for written in [path, directory / "model.safetensors"]:
        written.chmod(0o644)


def pretraining(name, hidden_act):
    generator = torch.Generator().manual_seed(SEED)
    model = BertForPreTraining(config(hidden_act))
    randomise(model, generator)
    batch = padded_batch(generator)
    labels = torch.full_like(batch["input_ids"], -100)
    for row, column in [(0, 2), (0, 7), (1, 1), (1, 8), (2, 3), (3, 0), (3, 4), (3, 11)]:
        labels[row, column] = torch.randint(0, 97, (1,), generator=generator).item()
    next_labels = torch.tensor([0, 1, 1, 0])

    def describe(output):
        return {
            "logits.masked": output.prediction_logits[labels != -100],
            "logits.next": output.seq_relationship_logits,
        }

    golden(name, model, batch, {"labels": labels, "next_sentence_label": next_labels}, describe)


def classification(name, hidden_act, names):
    """Without names there are two classes, of which config.json then says nothing."""
    generator = torch.Generator().manual_seed(SEED + 1)
    ids = {label: number for number, label in enumerate(names)}
    named = {"id2label": dict(enumerate(names)), "label2id": ids} if names else {}
    model = BertForSequenceClassification(config(hidden_act, **named))
    randomise(model, generator)
    batch = padded_batch(generator)
    labels = {"labels": torch.tensor([2, 0, 1, 2]) % model.config.num_labels}
    golden(name, model, batch, labels, lambda output: {"logits": output.logits})


pretraining("pretraining-gelu", "gelu")
pretraining("pretraining-gelu-new", "gelu_new")
classification("classification-gelu", "gelu", [])
classification("classification-gelu-new", "gelu_new", ["bad", "fair", "good"])
