"""The training check's work (TrainingCheck.cs) as Hugging Face transformers and PEFT do it, on the same GPU: the same half-billion
random Llama in bfloat16, LoRA in float32 on q_proj and v_proj, 16 prompts, up to 128 new tokens, two scoring passes, four epochs of
mini-batches of 8. Rewards, GAE and bookkeeping are left out, which favours this side. Padded batches, as TRL has them."""

import statistics
import time

import torch
from peft import LoraConfig, get_peft_model
from transformers import LlamaConfig, LlamaForCausalLM

BATCH, MINI_BATCH, EPOCHS, PROMPT, RESPONSE = 16, 8, 4, 12, 128
ROUNDS, WARM_UP = 8, 3


def build():
    torch.manual_seed(1)
    config = LlamaConfig(
        vocab_size=32_000, hidden_size=1024, intermediate_size=4096, num_hidden_layers=24, num_attention_heads=16,
        num_key_value_heads=16, max_position_embeddings=2048, eos_token_id=2, pad_token_id=0, bos_token_id=1)
    with torch.device("cuda"):
        model = LlamaForCausalLM(config).to(torch.bfloat16)
    model = get_peft_model(model, LoraConfig(r=8, lora_alpha=16, lora_dropout=0.0, target_modules=["q_proj", "v_proj"]))
    for name, parameter in model.named_parameters():
        if "lora_" in name:
            parameter.data = parameter.data.float()
    return model.eval()  # as TRL's PPO leaves it


def log_probs(model, tokens):
    logits = model(input_ids=tokens, attention_mask=torch.ones_like(tokens)).logits[:, :-1]
    return torch.log_softmax(logits.float(), -1).gather(2, tokens[:, 1:].unsqueeze(2)).squeeze(2)


def main():
    model = build()
    optimiser = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=1e-5)
    value_head = torch.nn.Linear(1024, 1).cuda()
    seconds = {"generate": [], "forward": [], "train": []}

    def timed(phase, action):
        torch.cuda.synchronize()
        start = time.perf_counter()
        result = action()
        torch.cuda.synchronize()
        seconds[phase].append(time.perf_counter() - start)
        return result

    def generate():
        prompts = torch.randint(3, 32_000, (BATCH, PROMPT), device="cuda")
        with torch.no_grad():
            return model.generate(
                input_ids=prompts, attention_mask=torch.ones_like(prompts), do_sample=True, top_k=0, top_p=1.0, temperature=1.0,
                min_new_tokens=RESPONSE, max_new_tokens=RESPONSE)

    def forward(tokens):
        with torch.no_grad():
            policy = log_probs(model, tokens)
            with model.disable_adapter():
                log_probs(model, tokens)
        return policy

    def train(tokens, old):
        for _ in range(EPOCHS):
            for rows in torch.randperm(BATCH, device="cuda").split(MINI_BATCH):
                output = model(input_ids=tokens[rows], attention_mask=torch.ones_like(tokens[rows]), output_hidden_states=True)
                new = torch.log_softmax(output.logits[:, :-1].float(), -1).gather(2, tokens[rows, 1:].unsqueeze(2)).squeeze(2)
                values = value_head(output.hidden_states[-1].float()).squeeze(2)
                loss = (torch.exp(new - old[rows])[:, PROMPT - 1:] - 1).square().mean() + values[:, PROMPT:].square().mean()
                loss.backward()
                optimiser.step()
                optimiser.zero_grad()

    for _ in range(ROUNDS):
        tokens = timed("generate", generate)
        old = timed("forward", lambda: forward(tokens))
        timed("train", lambda: train(tokens, old))

    import peft
    import transformers
    print(f"beside it: transformers {transformers.__version__}, peft {peft.__version__}, torch {torch.__version__}")
    total = BATCH * (PROMPT + RESPONSE)
    for phase, count in (("generate", BATCH * RESPONSE), ("forward", 2 * total), ("train", EPOCHS * total)):
        median = statistics.median(seconds[phase][WARM_UP:])
        print(f"  {phase:<11}{count / median:10.0f} tokens/s   ({median:.3f} s)")
    print(f"  peak memory {torch.cuda.max_memory_allocated() / 1e9:.2f} GB")


if __name__ == "__main__":
    main()
