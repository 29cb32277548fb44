using Rer.Engine.Tokenizers;
using Rer.Engine.Tokenizers.Training;

namespace Rer.Engine.Tests.Tokenizers;

public sealed class ByteLevelBpeTrainerTests : IDisposable
{
    private static readonly string[] Corpus =
    [
        "low low low low low lower lower newest newest newest newest newest newest widest widest widest",
        "The café's naïve 日本語 text 😀, 123 times.\n\nThe café's newest text.",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("rer-bpe-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void The_most_frequent_pair_is_merged_first_and_of_equals_the_one_with_the_lower_ids()
    {
        // In 6 newest and 3 widest, "es" and "st" occur 9 times; "lo" and "ow" 7 times; "ne", "ew" and a space before "n" 6 times.
        var bpe = ByteLevelBpeTrainer.Train(Corpus[..1], 262, []);

        Assert.Equal([("e", "s"), ("es", "t"), ("l", "o"), ("lo", "w"), ("e", "w"), ("n", "ew")], bpe.Merges);
    }

    [Fact]
    public void Special_tokens_have_the_first_ids_and_the_bytes_follow()
    {
        var bpe = ByteLevelBpeTrainer.Train(Corpus, 280, ["<pad>", "<s>", "</s>"]);

        Assert.Equal(["<pad>", "<s>", "</s>", "!"], bpe.Tokens.Take(4));
        Assert.Equal(280, bpe.Tokens.Count);
        Assert.Equal(280 - 259, bpe.Merges.Count);
    }

    [Fact]
    public void The_order_of_the_texts_makes_no_difference()
    {
        var (one, other) = (ByteLevelBpeTrainer.Train(Corpus, 320, ["<s>"]), ByteLevelBpeTrainer.Train(Corpus.Reverse(), 320, ["<s>"]));

        Assert.Equal(one.Tokens, other.Tokens);
        Assert.Equal(one.Merges, other.Merges);
    }

    [Fact]
    public void Training_ends_when_no_pair_occurs_twice()
    {
        Assert.Equal(256, ByteLevelBpeTrainer.Train(["abc xyz"], 5000, []).Tokens.Count);
    }

    [Fact]
    public void A_size_without_room_for_the_bytes_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ByteLevelBpeTrainer.Train(Corpus, 256, ["<s>"]));
    }

    [Fact]
    public void The_saved_folder_loads_with_its_special_tokens()
    {
        ByteLevelBpeTrainer.Train(Corpus, 400, ["<pad>", "<s>", "</s>"]).Save(_folder, "<s>", "</s>", "<pad>");
        var tokenizer = TokenizerLoader.Load(_folder);

        Assert.Equal((1, 2, 0), (tokenizer.BosId, tokenizer.EosId, tokenizer.PadId));
        Assert.Equal(["Ġnewest"], tokenizer.Tokenize(" newest"));
        Assert.Equal(tokenizer.BosId, tokenizer.Encode("low")[0]);
    }

    [Fact]
    public void Every_text_comes_back_from_the_saved_tokenizer_as_it_was()
    {
        ByteLevelBpeTrainer.Train(Corpus, 400, ["<s>", "</s>"]).Save(_folder, "<s>", "</s>");
        var tokenizer = TokenizerLoader.Load(_folder);

        foreach (var text in Corpus.Append(" \t\r\n ʼn ﬁ 𝒜 👩‍👩‍👧 \0\u0085\u2028 ").Append(""))
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
    }
}
