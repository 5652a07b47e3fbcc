"""Trains a LoRA adapter on pairs in chat format; called by scripts/train-adapter.

usage: train_adapter.py PAIRS.jsonl MODEL.gguf OUT_DIR EPOCHS RANK RATE HOLD_OUT DTYPE

The trainer is transformers', the adapter PEFT's: this file only brings the model's
GGUF and the pairs into their form. OUT_DIR gets the adapter in PEFT's format, and the
model's config.json, which llama.cpp's converter asks for.

The loss is the mean over the answers' tokens alone; the prompt is read, not learnt. A
model without a chat template gets what nightreel gives it (src/language/llama_prompt.c).
"""

import json
import os
import sys
import time
import warnings

os.environ |= {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false", "TQDM_DISABLE": "1"}
warnings.simplefilter("ignore", FutureWarning)  # of the libraries, about one another

import peft  # noqa: E402
import torch  # noqa: E402
import transformers  # noqa: E402

PLAIN = r"{% for m in messages %}{{ m['content'] }}{{ '\n' if m['role'] == 'user' else '\n\n' }}{% endfor %}"
BATCH = 4  # pairs a step
SEED = 1


def read_pairs(path):
    """The `messages` of every line, an assistant's last."""
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                messages = json.loads(line)["messages"]
                good = [m["role"] for m in messages][-2:] == ["user", "assistant"]
            except (ValueError, KeyError, TypeError):
                good = False
            if not good:
                sys.exit(f"{path}:{number}: no messages that end with a user's and an assistant's")
            yield messages


def load(path, dtype):
    where = {"pretrained_model_name_or_path": os.path.dirname(os.path.abspath(path)), "gguf_file": os.path.basename(path)}
    tokenizer = transformers.AutoTokenizer.from_pretrained(**where)
    floats = transformers.GgufConfig(dequantize=True)
    model = transformers.AutoModelForCausalLM.from_pretrained(**where, dtype=dtype, quantization_config=floats)
    # Its weights are numbers now, but the model is still marked as quantised, which no trainer takes.
    model.hf_quantizer, model.is_quantized = None, False
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    tokenizer.chat_template = tokenizer.chat_template or PLAIN
    tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
    return tokenizer, model


def tokens(tokenizer, messages):
    """Prompt and answer, cut apart; -100 leaves a token out of the loss."""
    prompt = tokenizer.apply_chat_template(messages[:-1], add_generation_prompt=True, tokenize=False)
    whole = tokenizer.apply_chat_template(messages, tokenize=False)
    if not whole.startswith(prompt):
        sys.exit("the model's chat template writes a prompt with an answer otherwise than without one")
    begin = [i for i in tokenizer("").input_ids[:1] if i == tokenizer.bos_token_id]
    head, tail = (tokenizer(t, add_special_tokens=False).input_ids for t in (prompt, whole[len(prompt):]))
    if head[:1] != begin:
        head = begin + head
    return {"input_ids": head + tail, "attention_mask": [1] * len(head + tail), "labels": [-100] * len(head) + tail}


def train(model, tokenizer, pairs, held, out, epochs, rate):
    arguments = transformers.TrainingArguments(
        output_dir=out, save_strategy="no", report_to="none", seed=SEED, disable_tqdm=True,
        num_train_epochs=epochs, learning_rate=rate, lr_scheduler_type="cosine",
        per_device_train_batch_size=1, gradient_accumulation_steps=BATCH, per_device_eval_batch_size=1,
        logging_steps=1, prediction_loss_only=True, dataloader_pin_memory=torch.cuda.is_available())
    trainer = transformers.Trainer(
        model=model, args=arguments, train_dataset=pairs, eval_dataset=held or None,
        data_collator=transformers.DataCollatorForSeq2Seq(tokenizer))
    before = trainer.evaluate()["eval_loss"] if held else None
    started = time.monotonic()
    trainer.train()
    seconds = time.monotonic() - started
    losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    steps = max(1, len(losses) // int(epochs))
    print(f"trained on {len(pairs)} pairs: {len(losses)} steps of {BATCH}, {seconds:.0f} s; mean loss of the first pass "
          f"{sum(losses[:steps]) / steps:.3f}, of the last {sum(losses[-steps:]) / steps:.3f}", flush=True)
    if held:
        print(f"{len(held)} held-out pairs: loss {before:.3f} before, {trainer.evaluate()['eval_loss']:.3f} after", flush=True)


def main():
    path, gguf, out = sys.argv[1:4]
    epochs, rank, rate, hold_out = int(sys.argv[4]), int(sys.argv[5]), float(sys.argv[6]), int(sys.argv[7])
    transformers.set_seed(SEED)
    messages = list(read_pairs(path))
    tokenizer, model = load(gguf, getattr(torch, sys.argv[8]))
    model.config.architectures = [type(model).__name__]
    model.config.save_pretrained(out)
    rows = [tokens(tokenizer, m) for m in messages]
    held = rows[hold_out - 1::hold_out] if hold_out else []
    pairs = [r for i, r in enumerate(rows) if not hold_out or i % hold_out != hold_out - 1]
    if not pairs:
        sys.exit(f"{path}: no pairs to train on")
    model = peft.get_peft_model(model, peft.LoraConfig(
        task_type="CAUSAL_LM", r=rank, lora_alpha=2 * rank, lora_dropout=0.05, target_modules="all-linear"))
    train(model, tokenizer, pairs, held, out, epochs, rate)
    model.save_pretrained(out, save_embedding_layers=False)


main()
