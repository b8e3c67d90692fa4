"""Makes the goldens beside this file: a tiny random GPT-2 as Hugging Face writes it, and what PyTorch computes with it.

    pip install torch==2.13.0 transformers==5.23.0 safetensors
    python make.py && npm run format        (the latter for the JSON)

tiny/ is a checkpoint directory written by save_pretrained. All else is computed in f64 from its f32 numbers.

tiny.golden.safetensors (one row per token, padding left out):
    input_ids, attention_mask [B, T]     the padded batch
    labels [B, T]         -100 where nothing is to be predicted (Hugging Face shifts them itself)
    hidden.L [N, C]       hidden states after the embeddings (L = 0), each layer but the last, and the last normalisation
    logits [N, V], loss
    grad.NAME             gradient of the loss with respect to every parameter
    adamw.loss [10]       losses before each of ten steps of AdamW on this batch
    adamw.norm [10]       norms of the gradients before clipping

tiny.golden.json: continuations by greedy search and beam search with their log-likelihoods, and log-likelihoods of texts.
"""

import json
import pathlib

import torch
import transformers
from safetensors.torch import save_file
from transformers import GPT2Config, GPT2LMHeadModel

here = pathlib.Path(__file__).parent
SEED = 20250308
LENGTHS = [16, 7, 2, 11]
ADAMW = {"lr": 0.01, "betas": [0.9, 0.98], "eps": 1e-6, "weight_decay": 0.1, "max_norm": 0.5}
END = 50
PROMPTS = [[3], [17, 60, 4], [42, 42, 42, 42, 42], [96, 0, 1, 2, 3, 4, 5], [50, 9]]
VERSIONS = {"torch": torch.__version__, "transformers": transformers.__version__, "seed": str(SEED)}


def randomise(model, generator):
    """Every parameter away from its default, so that none can be left out unnoticed."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            if ".ln_" in name and name.endswith(".weight"):
                parameter.copy_(1 + 0.3 * noise)
            else:
                # Strong embeddings beside weak biases make continuations that vary.
                parameter.copy_(noise * (0.1 if name.endswith(".bias") else 0.5 if "wpe" in name else 0.3))


def make_model():
    generator = torch.Generator().manual_seed(SEED)
    config = GPT2Config(
        vocab_size=97,
        n_positions=24,
        n_embd=24,
        n_layer=3,
        n_head=4,
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        bos_token_id=END,
        eos_token_id=END,
    )
    model = GPT2LMHeadModel(config)
    randomise(model, generator)
    model.save_pretrained(here / "tiny")
    (here / "tiny" / "model.safetensors").chmod(0o644)
    return GPT2LMHeadModel.from_pretrained(here / "tiny", attn_implementation="eager").double(), generator


def padded_batch(generator):
    longest = max(LENGTHS)
    ids = torch.zeros(len(LENGTHS), longest, dtype=torch.long)
    mask = torch.zeros_like(ids)
    for row, length in enumerate(LENGTHS):
        ids[row, :length] = torch.randint(0, 97, (length,), generator=generator)
        mask[row, :length] = 1
    labels = ids.masked_fill(mask == 0, -100)
    labels[0, :5] = -100  # a prompt that is not to be predicted
    return {"input_ids": ids, "attention_mask": mask, "labels": labels}


def loss_of(logits, labels):
    """The mean over all next tokens that are to be predicted. The model's own loss is this in f32."""
    vocabulary = logits.shape[-1]
    return torch.nn.functional.cross_entropy(logits[:, :-1].reshape(-1, vocabulary), labels[:, 1:].reshape(-1))


def train(model, batch):
    """Ten steps of AdamW; dropout is 0. Parameters of one dimension do not decay."""
    parameters = list(model.parameters())
    groups = [
        {"params": [p for p in parameters if p.ndim >= 2], "weight_decay": ADAMW["weight_decay"]},
        {"params": [p for p in parameters if p.ndim < 2], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=ADAMW["lr"], betas=tuple(ADAMW["betas"]), eps=ADAMW["eps"])
    losses, norms = [], []
    for _ in range(10):
        optimizer.zero_grad()
        loss = loss_of(model(**batch).logits, batch["labels"])
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(parameters, ADAMW["max_norm"]).item())
        optimizer.step()
        losses.append(loss.item())
    assert norms[0] > ADAMW["max_norm"], "clipping does not act"
    return {"adamw.loss": torch.tensor(losses, dtype=torch.float64), "adamw.norm": torch.tensor(norms, dtype=torch.float64)}


def tensors_of(model, batch):
    output = model.train()(**batch, output_hidden_states=True)
    loss = loss_of(output.logits, batch["labels"])
    assert abs(loss.item() - output.loss.item()) < 1e-5
    loss.backward()
    rows = batch["attention_mask"].bool()
    tensors = {key: value.int() for key, value in batch.items()}
    tensors |= {f"hidden.{layer}": hidden[rows] for layer, hidden in enumerate(output.hidden_states)}
    tensors |= {"logits": output.logits[rows], "loss": loss}
    tensors |= {f"grad.{name}": parameter.grad.clone() for name, parameter in model.named_parameters()}
    return {key: value.detach().contiguous() for key, value in tensors.items()}


def log_likelihood(model, tokens, begin):
    """Σ log p of tokens[begin:], each given all before it."""
    with torch.no_grad():
        logs = model(torch.tensor([tokens[:-1]])).logits[0].log_softmax(-1)
    return sum(logs[i - 1, tokens[i]].item() for i in range(begin, len(tokens)))


def continuations(model, prompt, **options):
    output = model.generate(
        torch.tensor([prompt]),
        attention_mask=torch.ones(1, len(prompt), dtype=torch.long),
        pad_token_id=0,
        do_sample=False,
        return_dict_in_generate=True,
        output_scores=True,
        **options,
    )
    results = []
    for number, sequence in enumerate(output.sequences.tolist()):
        new = sequence[len(prompt) :]
        ended = END in new
        new = new[: new.index(END) + 1] if ended else new
        if options.get("num_beams", 1) > 1:
            # The scores are log p / length^penalty, but in f32 even here.
            log_p = log_likelihood(model, prompt + new, len(prompt))
            score = log_p / len(new) ** options["length_penalty"]
            assert abs(score - output.sequences_scores[number].item()) < 1e-5 * max(1, abs(score))
        else:
            # Under the processed logits.
            scores = model.compute_transition_scores(output.sequences, output.scores, normalize_logits=True)
            log_p = scores[number].sum().item()
        results.append({"tokens": new[:-1] if ended else new, "ended": ended, "logProbability": log_p})
    return results


# Names on the right are Hugging Face's, those on the left are given to the tests.
GREEDY = [
    ({}, {}),
    ({"repetitionPenalty": 1.7}, {"repetition_penalty": 1.7}),
    ({"noRepeatNgram": 2}, {"no_repeat_ngram_size": 2}),
    ({"minNewTokens": 10}, {"min_new_tokens": 10}),
]
BEAMS = [
    ({"beams": beams, "lengthPenalty": penalty, "sequences": beams}, {"num_beams": beams, "length_penalty": penalty})
    for beams, penalty in [(4, 1.0), (4, 0.0), (4, 2.0), (4, -1.0), (2, 0.7)]
]


def searches(model):
    model = model.eval()
    cases = []
    for prompt in PROMPTS:
        for ours, theirs in GREEDY:
            options = {"maxNewTokens": 12, **ours}
            results = continuations(model, prompt, max_new_tokens=12, **theirs)
            cases.append({"prompt": prompt, "options": options, "results": results})
        for ours, theirs in BEAMS:
            options = {"maxNewTokens": 8, **ours}
            # "never": stop only when no living hypothesis can still win.
            more = {"num_return_sequences": theirs["num_beams"], "early_stopping": "never", **theirs}
            results = continuations(model, prompt, max_new_tokens=8, **more)
            cases.append({"prompt": prompt, "options": options, "results": results})
    for kind in [GREEDY, BEAMS]:
        names = [ours for ours, _ in kind]
        ends = {r["ended"] for c in cases for r in c["results"] if any(n.items() <= c["options"].items() for n in names)}
        assert ends == {True, False}, "some continuations should end and some not"
    return cases


def texts(model, generator):
    cases = []
    for length, begin in [(2, 1), (9, 1), (25, 1), (14, 6)]:
        tokens = torch.randint(0, 97, (length,), generator=generator).tolist()
        cases.append({"tokens": tokens, "from": begin, "logLikelihood": log_likelihood(model, tokens, begin)})
    return cases


model, generator = make_model()
batch = padded_batch(generator)
tensors = tensors_of(model, batch)
golden = {"metadata": VERSIONS, "end": END, "searches": searches(model), "texts": texts(model, generator)}
tensors |= train(model.train(), batch)
save_file(tensors, here / "tiny.golden.safetensors", {**VERSIONS, "adamw": json.dumps(ADAMW)})
(here / "tiny.golden.safetensors").chmod(0o644)
lines = [f'"{key}": {json.dumps(value)}' for key, value in golden.items() if not isinstance(value, list)]
for key in ["searches", "texts"]:
    cases = ",\n  ".join(json.dumps(case) for case in golden[key])
    lines.append(f'"{key}": [\n  {cases}\n]')
(here / "tiny.golden.json").write_text("{" + ",\n".join(lines) + "}\n")
