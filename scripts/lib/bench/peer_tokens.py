"""peer_tokens VOCABULARY FILE: the lines of FILE through the reference tokenizer."""
import json
import os
import sys
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers  # noqa: E402

tokenizer = Tokenizer(models.WordPiece.from_file(sys.argv[1], unk_token="[UNK]", max_input_chars_per_word=100))
tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
with open(sys.argv[2], encoding="utf-8") as file:
    lines = file.read().split("\n")[:-1]
best = float("inf")
for _ in range(3):
    start = time.process_time()
    found = [tokenizer.encode_batch(lines[i : i + 1000]) for i in range(0, len(lines), 1000)]
    best = min(best, time.process_time() - start)
print(json.dumps({"seconds": best, "count": sum(len(one.ids) for batch in found for one in batch)}))
