"""Lines of Chinese and English through a WordPiece vocabulary (--vocabulary, of
bert-base-chinese for example): ours against the Python binding of Hugging Face's
tokenizers (encode_batch, one thread). Both report the processor time of that alone,
best of three, and must find as many pieces."""
import json
import sys

from . import common

WORDS = ("the city of light night river", "a story about people who travel through space", "红烧肉的家常做法", "星际穿越与黑洞的故事",
         "how to bake sourdough bread at home", "2019年最好看的十部电影", "unbelievable performances, re-released!", "学习线性代数：矩阵与向量")


def options(parser):
    parser.add_argument("--vocabulary", required=True, help="vocab.txt of a BERT model")
    parser.add_argument("--lines", type=int, default=200000)


def bench(args):
    text = common.FILES / f"lines-{args.lines}.txt"
    if not text.exists():
        common.FILES.mkdir(parents=True, exist_ok=True)
        text.write_text("".join(f"{WORDS[i % 8]} {i % 97} {WORDS[i * 5 % 7]}\n" for i in range(args.lines)), encoding="utf-8")
    program = common.build(common.BUILD, "bench_tokens")
    ours, peer = [program, args.vocabulary, text], [*common.peer("tokens"), args.vocabulary, text]
    counts = [json.loads(common.run(command))["count"] for command in (ours, peer)]
    if counts[0] != counts[1]:
        sys.exit(f"bench: ours finds {counts[0]} pieces, the peer {counts[1]}")
    return [common.compare(f"tokenizers / {args.lines} lines, {counts[0]} pieces", peer, ours, args.runs, common.reported_seconds)]
