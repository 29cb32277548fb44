namespace Rer.Engine.Data.Prompts;

/// <summary>
/// Tells open-ended from closed-ended queries by their words: logistic regression on hashed words and word pairs, for sets that no one
/// has annotated.
/// </summary>
public sealed class QueryTypeClassifier
{
    private const int Buckets = 1 << 18;
    private const int Epochs = 30;
    private const double LearningRate = 0.5;
    private const double Decay = 1e-4;

    private readonly float[] _weights = new float[Buckets];

    private QueryTypeClassifier()
    {
    }

    /// <summary>Share of held-out items told right, [0, 1].</summary>
    public double HeldOutAccuracy { get; private set; }

    /// <summary>Number of items that <see cref="HeldOutAccuracy"/> stands on.</summary>
    public int HeldOutCount { get; private set; }

    /// <summary>Share of the held-out items that are of the commoner type: what a guess without reading would reach.</summary>
    public double MajorityShare { get; private set; }

    /// <summary>Fits a classifier to the annotated items of a set.</summary>
    /// <param name="prompts">The set; items without a type are passed over.</param>
    /// <param name="seed">Decides which items are held out, and the order of training.</param>
    /// <param name="heldOut">Share of the items held out, in (0, 1). Default a fifth.</param>
    /// <exception cref="ArgumentException">The set has fewer than ten items of either type.</exception>
    public static QueryTypeClassifier Train(PromptSet prompts, int seed, double heldOut = 0.2)
    {
        if (heldOut is <= 0 or >= 1)
            throw new ArgumentOutOfRangeException(nameof(heldOut), heldOut, "The share held out lies within (0, 1).");
        foreach (var type in QueryTypes.All)
            if (prompts.CountOf(type) < 10)
                throw new ArgumentException(
                    $"{prompts.Path}: {prompts.CountOf(type)} items are {type.Code()}. A classifier needs ten of each type.",
                    nameof(prompts));

        PromptItem[] annotated = [.. prompts.Items.Where(item => item.QueryType is not null && !item.QueryTypeIsPredicted)];
        PromptItem[] shuffled = [.. SeededRandom.From(seed, "query type split").Permutation(annotated.Length).Select(i => annotated[i])];
        var held = Math.Max(1, (int)(shuffled.Length * heldOut));
        var classifier = new QueryTypeClassifier();
        classifier.Fit(shuffled[held..], seed);
        classifier.Test(shuffled[..held]);
        return classifier;
    }

    /// <summary>The type that a query is taken for, with the classifier's probability of it, [0.5, 1].</summary>
    public (QueryType Type, double Probability) Predict(string query)
    {
        var closedEnded = Sigmoid(Score(Features(query)));
        return closedEnded >= 0.5 ? (QueryType.ClosedEnded, closedEnded) : (QueryType.OpenEnded, 1 - closedEnded);
    }

    /// <summary>The set with a type on every item: those without one get the prediction, marked as such.</summary>
    public PromptSet Annotate(PromptSet prompts) => new(
        prompts.Path,
        [.. prompts.Items.Select(item => item.QueryType is not null
            ? item
            : item with { QueryType = Predict(item.Query).Type, QueryTypeIsPredicted = true })]);

    // Adagrad (Duchi et al. 2011): rare words take large steps when they come, common ones small steps.
    private void Fit(PromptItem[] items, int seed)
    {
        (int[] Features, double Label)[] rows =
            [.. items.Select(item => (Features(item.Query), item.QueryType == QueryType.ClosedEnded ? 1.0 : 0.0))];
        var squares = new float[Buckets];
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            foreach (var index in SeededRandom.From(seed, "query type training", epoch).Permutation(rows.Length))
            {
                var (features, label) = rows[index];
                var error = Sigmoid(Score(features)) - label;
                foreach (var feature in features)
                {
                    var gradient = (float)(error / Math.Sqrt(features.Length) + Decay * _weights[feature]);
                    squares[feature] += gradient * gradient;
                    _weights[feature] -= (float)(LearningRate * gradient / (Math.Sqrt(squares[feature]) + 1e-8));
                }
            }
        }
    }

    private void Test(PromptItem[] items)
    {
        HeldOutCount = items.Length;
        HeldOutAccuracy = items.Count(item => Predict(item.Query).Type == item.QueryType) / (double)items.Length;
        var closedEnded = items.Count(item => item.QueryType == QueryType.ClosedEnded) / (double)items.Length;
        MajorityShare = Math.Max(closedEnded, 1 - closedEnded);
    }

    private double Score(int[] features)
    {
        var sum = 0.0;
        foreach (var feature in features) sum += _weights[feature];
        return sum / Math.Sqrt(features.Length);
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    // Words, pairs, how the query begins, and how long it is; each once, however often it occurs.
    private static int[] Features(string query)
    {
        var words = WordPunct.Tokenize(query.ToLowerInvariant());
        var features = new HashSet<int> { Bucket("bias"), Bucket($"length {(int)Math.Log2(words.Count + 1)}") };
        for (var i = 0; i < words.Count; i++)
        {
            features.Add(Bucket($"word {words[i]}"));
            if (i > 0) features.Add(Bucket($"pair {words[i - 1]} {words[i]}"));
            if (i < 3) features.Add(Bucket($"start {i} {words[i]}"));
        }

        return [.. features];
    }

    private static int Bucket(string feature) => (int)(StableHash.Of(feature) % Buckets);
}
